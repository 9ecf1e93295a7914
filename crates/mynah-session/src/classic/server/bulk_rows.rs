//! The rows of parameters of a bulk execution, and the sums of their answers.

use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{ColumnFlags, ColumnType};

use crate::{BulkExecution, Completion, Outcome, ResultSet, RowsBuilder};

/// A bulk execution, of which some rows are answered.
#[derive(Debug)]
pub(super) struct Bulk {
    /// With the rows that aren't answered yet.
    pub(super) execution: BulkExecution,
    done: Completion,
    count: u64,
    /// An id and a number for each row, if the client wants them.
    units: Option<RowsBuilder>,
    /// Rows of what each returned, and their columns.
    returned: Option<(ResultSet, RowsBuilder)>,
}

impl Bulk {
    pub(super) fn new(execution: BulkExecution) -> Self {
        let wants_units = execution.wants_unit_results;
        Self {
            execution,
            done: Completion::default(),
            count: 0,
            units: wants_units.then(RowsBuilder::default),
            returned: None,
        }
    }

    /// A row came to this.
    pub(super) fn add(&mut self, completion: &Completion) {
        self.count += 1;
        let done = &mut self.done;
        done.affected_rows = done.affected_rows.saturating_add(completion.affected_rows);
        done.warning_count = done.warning_count.saturating_add(completion.warning_count);
        done.status_flags = completion.status_flags;
        if done.last_insert_id == 0 {
            done.last_insert_id = completion.last_insert_id;
        }
        if !completion.session_state_changes.is_empty() {
            done.session_state_changes = completion.session_state_changes.clone();
        }
        if let Some(units) = &mut self.units {
            units.cell(Some(completion.last_insert_id.to_string().as_bytes()));
            units.cell(Some(completion.affected_rows.to_string().as_bytes()));
            units.end_row();
        }
    }

    /// A row came to these rows.
    pub(super) fn add_rows(&mut self, result: ResultSet) {
        self.add(&result.end);
        let rows = result.rows.clone();
        let (_, builder) = self
            .returned
            .get_or_insert_with(|| (result, RowsBuilder::default()));
        for row in (0..rows.len()).map_while(|index| rows.get(index)) {
            for cell in row.cells().flatten() {
                builder.cell(cell);
            }
            builder.end_row();
        }
    }

    /// What all rows came to.
    pub(super) fn outcome(&mut self) -> Outcome {
        let done = self.done.clone();
        if let Some((result, rows)) = self.returned.take() {
            return Outcome::Rows(ResultSet {
                rows: rows.finish(),
                end: done,
                ..result
            });
        }
        if let Some(units) = self.units.take() {
            return Outcome::Rows(ResultSet {
                columns: UNIT_COLUMNS.map(unit_column).into(),
                rows: units.finish(),
                end: done,
                is_out_parameters: false,
            });
        }
        Outcome::Ok(in_all(done, self.count))
    }
}

/// The sums of unit results; any other outcome stays.
pub(super) fn summed_up(outcome: Outcome) -> Outcome {
    let result = match outcome {
        Outcome::Rows(result) if are_units(&result) => result,
        other => return other,
    };
    let mut done = result.end;
    let rows = (0..result.rows.len()).map_while(|index| result.rows.get(index));
    for row in rows {
        let mut numbers = row.cells().flatten().map(number);
        let (id, affected) = (numbers.next(), numbers.next());
        if done.last_insert_id == 0 {
            done.last_insert_id = id.unwrap_or_default();
        }
        done.affected_rows = done
            .affected_rows
            .saturating_add(affected.unwrap_or_default());
    }
    let count = u64::try_from(result.rows.len()).unwrap_or(u64::MAX);
    Outcome::Ok(in_all(done, count))
}

fn number(cell: Option<&[u8]>) -> u64 {
    let text = cell.and_then(|cell| str::from_utf8(cell).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Whether a result has a row for each row of parameters, rather than rows of a table. Its columns are of no table.
pub(super) fn are_units(result: &ResultSet) -> bool {
    result.rows.source().is_none()
        && result.columns.len() == UNIT_COLUMNS.len()
        && result
            .columns
            .iter()
            .zip(UNIT_COLUMNS)
            .all(|(column, name)| {
                column.names.name() == name.as_bytes() && column.names.org_table().is_empty()
            })
}

fn in_all(done: Completion, count: u64) -> Completion {
    let warnings = done.warning_count;
    let message = format!("Records: {count}  Duplicates: 0  Warnings: {warnings}");
    Completion {
        message: message.into(),
        ..done
    }
}

/// The columns of unit results: the generated id and the affected rows of each row of parameters.
const UNIT_COLUMNS: [&str; 2] = ["Id", "Affected_rows"];

fn unit_column(name: &str) -> ColumnDefinition41 {
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: 63,
        column_length: 21,
        column_type: ColumnType::LONGLONG,
        flags: ColumnFlags::NOT_NULL | ColumnFlags::BINARY,
        ..ColumnDefinition41::default()
    }
}
