//! Answers, which are UTF-8 here, in the character set in which the client gets results.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::ColumnType;
use mynah_classic::characters::from_utf8;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::tables::{Collation, Product};
use mynah_session::{
    CharacterSets, Completion, Failure, Outcome, Prepared, Reply, ResultSet, Rows, RowsBuilder,
    SessionState,
};

/// The character set of a client's results.
#[derive(Clone, Copy, Debug)]
pub(super) struct ResultsIn {
    product: Product,
    results: &'static Collation,
    /// The id of texts in definitions of columns.
    id: u16,
    is_utf8mb4: bool,
    /// Whether texts in all character sets are converted: a recording has the columns of another client.
    converts_all: bool,
}

impl ResultsIn {
    /// The one of this session. `None` where answers are sent as they are: to clients that get values as they are stored, and
    /// if answers are written for UTF-8 and the client gets UTF-8.
    pub(super) fn of(state: &SessionState, product: Product, is_recording: bool) -> Option<Self> {
        let results = Collation::by_id(product, state.character_sets.results?)?;
        let is_utf8mb4 = results.character_set == "utf8mb4";
        let as_it_is = results.character_set == "binary" || (is_utf8mb4 && !is_recording);
        (!as_it_is).then_some(Self {
            product,
            results,
            id: CharacterSets::id_in_columns(results.id),
            is_utf8mb4,
            converts_all: is_recording,
        })
    }

    pub(super) fn reply(self, reply: &mut Reply) {
        let mut is_changed = self.outcome(&mut reply.outcome);
        for outcome in &mut reply.more {
            is_changed |= self.outcome(outcome);
        }
        if is_changed {
            // It is that of another character set.
            reply.encodings = None;
        }
    }

    pub(super) fn prepared(self, prepared: &mut Result<Prepared, Failure>) {
        match prepared {
            Ok(prepared) => {
                if let Some(columns) = &mut prepared.columns {
                    self.columns(columns);
                }
            }
            Err(failure) => {
                self.text(&mut failure.message);
            }
        }
    }

    fn outcome(self, outcome: &mut Outcome) -> bool {
        match outcome {
            Outcome::Ok(ok) => self.completion(ok),
            Outcome::Error(failure) => self.text(&mut failure.message),
            Outcome::Rows(result) => self.rows(result),
            Outcome::LocalInfile(file) => self.text(&mut file.filename),
            _ => false,
        }
    }

    fn completion(self, ok: &mut Completion) -> bool {
        self.text(&mut ok.message)
    }

    fn rows(self, result: &mut ResultSet) -> bool {
        let mut is_changed = self.completion(&mut result.end);
        if !self.is_utf8mb4 && result.columns.iter().any(|column| self.is_text(column)) {
            result.rows = self.cells(&result.columns, &result.rows);
            is_changed = true;
        }
        is_changed | self.columns(&mut result.columns)
    }

    fn cells(self, columns: &[ColumnDefinition41], rows: &Rows) -> Rows {
        let mut written = RowsBuilder::default();
        let all = (0..rows.len()).filter_map(|index| rows.get(index));
        for row in all {
            for (index, cell) in row.cells().map_while(Result::ok).enumerate() {
                let is_text = columns
                    .get(index)
                    .is_some_and(|column| self.is_text(column));
                let converted = cell
                    .filter(|_| is_text)
                    .and_then(|cell| self.converted(cell));
                written.cell(converted.as_deref().or(cell));
            }
            written.end_row();
        }
        let written = written.finish();
        match rows.source() {
            Some(source) => written.continued(source),
            None => written,
        }
    }

    /// Whether its values are texts that are converted.
    fn is_text(self, column: &ColumnDefinition41) -> bool {
        let column_type = column.column_type;
        let is_text_or_bytes = column_type.is_string() || BLOBS.contains(&column_type);
        is_text_or_bytes
            && column.character_set != BINARY
            && (self.converts_all || column.character_set != self.id)
    }

    fn columns(self, columns: &mut Arc<[ColumnDefinition41]>) -> bool {
        let is_other = |column: &ColumnDefinition41| {
            (self.is_text(column) && column.character_set != self.id)
                || (!self.is_utf8mb4 && !is_ascii(&column.names))
        };
        if !columns.iter().any(is_other) {
            return false;
        }
        let converted = columns.iter().map(|column| self.column(column));
        *columns = converted.collect();
        true
    }

    fn column(self, column: &ColumnDefinition41) -> ColumnDefinition41 {
        let mut new = column.clone();
        if self.is_text(column) {
            new.character_set = self.id;
            let of_column = Collation::by_id(self.product, column.character_set);
            if let Some(of_column) = of_column
                && column.column_length != u32::MAX
            {
                let characters = column.column_length / u32::from(of_column.max_len.max(1));
                new.column_length = characters.saturating_mul(self.results.max_len.into());
            }
        }
        if !self.is_utf8mb4 {
            let parts = column.names.parts();
            let converted = |name| self.converted(name).unwrap_or(Cow::Borrowed(name));
            new.names = ColumnNames::new(&NameParts {
                catalog: parts.catalog,
                schema: &converted(parts.schema),
                table: &converted(parts.table),
                org_table: &converted(parts.org_table),
                name: &converted(parts.name),
                org_name: &converted(parts.org_name),
            });
        }
        new
    }

    fn text(self, text: &mut Bytes) -> bool {
        match self.converted(text) {
            Some(Cow::Owned(converted)) => {
                *text = converted.into();
                true
            }
            _ => false,
        }
    }

    /// A text in the client's character set; `None` if it isn't UTF-8, or the character set can't be written.
    fn converted(self, text: &[u8]) -> Option<Cow<'_, [u8]>> {
        from_utf8(str::from_utf8(text).ok()?, self.results.character_set)
    }
}

fn is_ascii(names: &ColumnNames) -> bool {
    let NameParts {
        catalog,
        schema,
        table,
        org_table,
        name,
        org_name,
    } = names.parts();
    [catalog, schema, table, org_table, name, org_name]
        .iter()
        .all(|name| name.is_ascii())
}

const BINARY: u16 = 63;

const BLOBS: [ColumnType; 4] = [
    ColumnType::TINY_BLOB,
    ColumnType::BLOB,
    ColumnType::MEDIUM_BLOB,
    ColumnType::LONG_BLOB,
];
