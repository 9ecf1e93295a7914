//! Follows a server's recorded answers, command by command.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use bytes::BytesMut;
use mynah_classic::command::CommandCode;
use mynah_classic::connection::{AuthMoreData, AuthSwitchRequest};
use mynah_classic::response::{
    BinlogEvent, EofPacket, ErrPacket, LocalInfileData, LocalInfileRequest, OkPacket,
    ProgressReport, ResponseKind, ResponsePlace, StatisticsResponse, StmtPrepareOk,
};
use mynah_classic::resultset::{
    BinaryRow, ColumnCount, ColumnDefinition41, FieldListColumn, MetadataFollows, TextRow,
};
use mynah_classic::value::{Value, ValueType};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};
use mynah_testkit::{Checked, Direction, Line, check_recorded};
use mynah_wire::Message;

/// How often each message was met.
#[derive(Debug, Default)]
pub(crate) struct Met(pub(crate) BTreeMap<&'static str, usize>);

impl Met {
    pub(crate) fn check<M: Checked>(&mut self, line: &Line, cx: M::Context) -> M {
        self.count(M::NAME);
        check_recorded(&line.payload, cx)
    }

    fn count(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }
}

/// The rest of a recorded conversation, after the login.
pub(crate) struct Answers<'a> {
    name: &'a str,
    lines: &'a [&'a Line],
    /// The index at which the search for the server's next packet starts.
    at: usize,
    shared: Capabilities,
    met: &'a mut Met,
    /// The columns of each statement, by its id.
    statements: HashMap<u32, Vec<ColumnDefinition41>>,
    last_prepared: u32,
}

/// The format of a result's rows.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Text,
    Binary { statement_id: u32 },
}

impl<'a> Answers<'a> {
    pub(crate) fn new(
        name: &'a str,
        lines: &'a [&'a Line],
        shared: Capabilities,
        met: &'a mut Met,
    ) -> Self {
        Self {
            name,
            lines,
            at: 0,
            shared,
            met,
            statements: HashMap::new(),
            last_prepared: 0,
        }
    }

    /// Follows all answers, in the order of the commands: a client may pipeline several.
    pub(crate) fn follow(mut self) {
        let is_command =
            |line: &&&Line| line.direction == Direction::Client && line.sequence_id == 0;
        let commands: Vec<&Line> = self.lines.iter().filter(is_command).copied().collect();
        for command in commands {
            if self.answer(command).is_none() {
                break;
            }
        }
        // A server that closes the connection may send a reason.
        while let Some(line) = self.next_line() {
            let hangs_up = line.payload.first() == Some(&0xff);
            assert!(hangs_up, "{}: unexpected packet {line:?}", self.name);
            self.met.check::<ErrPacket>(line, self.shared);
        }
    }

    /// Reads the answer to one command; `None` if the recording ends before it does.
    fn answer(&mut self, command: &Line) -> Option<()> {
        let Some((&code, after)) = command.payload.split_first() else {
            return self.done();
        };
        let id = after.first_chunk().copied().map(u32::from_le_bytes);
        // MariaDB: the statement that was prepared last.
        let id = id
            .filter(|&id| id != u32::MAX)
            .unwrap_or(self.last_prepared);
        match CommandCode(code) {
            CommandCode::QUIT | CommandCode::STMT_CLOSE | CommandCode::STMT_SEND_LONG_DATA => {
                Some(())
            }
            CommandCode::QUERY | CommandCode::PROCESS_INFO => self.results(Rows::Text),
            CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE => {
                self.results(Rows::Binary { statement_id: id })
            }
            CommandCode::STMT_FETCH => {
                let columns = self.statements.get(&id).cloned().unwrap_or_default();
                self.rows(&columns, Rows::Binary { statement_id: id })
                    .map(drop)
            }
            CommandCode::STMT_PREPARE => self.prepared(),
            CommandCode::FIELD_LIST => self.fields(),
            CommandCode::STATISTICS => self.one(ResponsePlace::Statistics).map(drop),
            CommandCode::CHANGE_USER => self.change_user(),
            CommandCode::BINLOG_DUMP | CommandCode::BINLOG_DUMP_GTID => self.binlog(),
            _ => self.done(),
        }
    }

    fn done(&mut self) -> Option<()> {
        self.one(ResponsePlace::Done).map(drop)
    }

    fn binlog(&mut self) -> Option<()> {
        while self.one(ResponsePlace::Binlog)?.0 == ResponseKind::BinlogEvent {}
        Some(())
    }

    fn fields(&mut self) -> Option<()> {
        while self.one(ResponsePlace::Fields)?.0 == ResponseKind::ColumnDefinition {}
        Some(())
    }

    fn change_user(&mut self) -> Option<()> {
        loop {
            let line = self.next_line()?;
            match line.payload[0] {
                0x01 => drop(self.met.check::<AuthMoreData>(line, ())),
                0xfe if line.payload.len() > 1 => {
                    drop(self.met.check::<AuthSwitchRequest>(line, ()))
                }
                0xfe => {}
                _ => {
                    self.at -= 1;
                    return self.done();
                }
            }
        }
    }

    fn prepared(&mut self) -> Option<()> {
        let (kind, line) = self.one(ResponsePlace::Prepared)?;
        if kind != ResponseKind::StmtPrepareOk {
            return Some(());
        }
        let ok = StmtPrepareOk::from_payload(&line.payload, self.shared).unwrap();
        self.last_prepared = ok.statement_id;
        let mut columns = Vec::new();
        if ok.metadata_follows != MetadataFollows::NONE {
            self.columns(ok.num_params.into())?;
            columns = self.columns(ok.num_columns.into())?;
        }
        self.statements.insert(ok.statement_id, columns);
        Some(())
    }

    /// Reads so many column definitions, and their end.
    fn columns(&mut self, count: u64) -> Option<Vec<ColumnDefinition41>> {
        let mut columns = Vec::new();
        for _ in 0..count {
            let (kind, line) = self.one(ResponsePlace::Columns)?;
            assert_eq!(kind, ResponseKind::ColumnDefinition, "{}", self.name);
            columns.push(ColumnDefinition41::from_payload(&line.payload, self.shared).unwrap());
        }
        if count > 0 && !self.shared.contains(Capabilities::DEPRECATE_EOF) {
            let (kind, _) = self.one(ResponsePlace::ColumnsEnd)?;
            assert_eq!(kind, ResponseKind::Eof, "{}", self.name);
        }
        Some(columns)
    }

    /// Reads all results of one statement.
    fn results(&mut self, rows: Rows) -> Option<()> {
        loop {
            let (kind, line) = self.one(ResponsePlace::Result)?;
            let status = match kind {
                ResponseKind::ColumnCount => self.result_set(line, rows)?,
                ResponseKind::LocalInfileRequest => {
                    self.local_infile();
                    let (_, line) = self.one(ResponsePlace::Done)?;
                    self.status(line)
                }
                _ => self.status(line),
            };
            if !status.contains(StatusFlags::MORE_RESULTS_EXISTS) {
                return Some(());
            }
        }
    }

    fn result_set(&mut self, line: &Line, rows: Rows) -> Option<StatusFlags> {
        let count = ColumnCount::from_payload(&line.payload, self.shared).unwrap();
        let columns = if count.metadata_follows == MetadataFollows::NONE {
            // Here an EOF comes in any case.
            if !self.shared.contains(Capabilities::DEPRECATE_EOF) {
                self.one(ResponsePlace::ColumnsEnd)?;
            }
            match rows {
                Rows::Binary { statement_id } => self.statements[&statement_id].clone(),
                Rows::Text => vec![string_column(); usize::try_from(count.column_count).unwrap()],
            }
        } else {
            let columns = self.columns(count.column_count)?;
            if let Rows::Binary { statement_id } = rows {
                self.statements.insert(statement_id, columns.clone());
            }
            columns
        };
        let head = match self.shared.contains(Capabilities::DEPRECATE_EOF) {
            true => StatusFlags::empty(),
            false => self.status(self.lines[self.at - 1]),
        };
        if head.contains(StatusFlags::CURSOR_EXISTS) {
            return Some(StatusFlags::empty());
        }
        let end = self.rows(&columns, rows)?;
        // MySQL 5.6 omits MORE_RESULTS_EXISTS after OUT parameters, though the result of CALL
        // follows.
        Some(match head.contains(StatusFlags::PS_OUT_PARAMS) {
            true => end | head,
            false => end,
        })
    }

    /// Reads rows to their end, and returns the status there.
    fn rows(&mut self, columns: &[ColumnDefinition41], rows: Rows) -> Option<StatusFlags> {
        loop {
            let (kind, line) = self.one(ResponsePlace::Rows)?;
            match (kind, rows) {
                (ResponseKind::Row, Rows::Text) => self.text_row(line, columns),
                (ResponseKind::Row, Rows::Binary { .. }) => self.binary_row(line, columns),
                _ => return Some(self.status(line)),
            }
        }
    }

    fn text_row(&mut self, line: &Line, columns: &[ColumnDefinition41]) {
        let row: TextRow = self.met.check(line, ());
        let cells: Result<Vec<_>, _> = row.cells().collect();
        let cells = cells.unwrap();
        assert_eq!(cells.len(), columns.len());
        for (cell, column) in cells.into_iter().zip(columns) {
            let value = match Value::from_text(cell, column.into()) {
                Ok(value) => value,
                Err(error) => panic!("{}: {error}: {cell:?} of {column:?}", self.name),
            };
            self.met.count("text value");
            let (mut written, mut recorded) = (BytesMut::new(), BytesMut::new());
            value.put_text(&mut written, column.decimals);
            TextRow::put_cell(&mut recorded, cell);
            // For floating-point numbers, servers write all digits, and some exponents differently.
            let is_float = matches!(column.column_type, ColumnType::FLOAT | ColumnType::DOUBLE);
            if !is_float && !column.flags.contains(ColumnFlags::ZEROFILL) {
                assert_eq!(written, recorded, "{}: {value:?} of {column:?}", self.name);
            }
        }
    }

    fn binary_row(&mut self, line: &Line, columns: &[ColumnDefinition41]) {
        let row: BinaryRow = self.met.check(line, ());
        if columns.is_empty() {
            // The client requested no metadata, not even with the prepared statement.
            return;
        }
        let types: Vec<ValueType> = columns.iter().map(ValueType::from).collect();
        let values: Result<Vec<Value<'_>>, _> = row.values(&types).unwrap().collect();
        let values = match values {
            Ok(values) => values,
            Err(error) => panic!("{}: {error}: {row:?} of {columns:?}", self.name),
        };
        for _ in &values {
            self.met.count("binary value");
        }
        assert_eq!(
            BinaryRow::new(&types, values).as_ref(),
            Ok(&row),
            "{}",
            self.name
        );
    }

    /// Skips the client's pieces of the file; the server's answer follows.
    fn local_infile(&mut self) {
        while let Some(line) = self.lines.get(self.at)
            && line.direction == Direction::Client
        {
            self.met.check::<LocalInfileData>(line, ());
            self.at += 1;
        }
    }

    /// Reads the next packet, which must be allowed at its place; skips progress reports.
    fn one(&mut self, place: ResponsePlace) -> Option<(ResponseKind, &'a Line)> {
        loop {
            let line = self.next_line()?;
            let (payload, shared) = (&line.payload, self.shared);
            let Some(kind) = ResponseKind::of(place, payload, payload.len(), shared) else {
                panic!("{}: {place:?}: {line:?}", self.name);
            };
            let met = &mut *self.met;
            match kind {
                ResponseKind::Ok => drop(met.check::<OkPacket>(line, shared)),
                ResponseKind::Err => drop(met.check::<ErrPacket>(line, shared)),
                ResponseKind::Eof => drop(met.check::<EofPacket>(line, shared)),
                ResponseKind::ProgressReport => {
                    met.check::<ProgressReport>(line, ());
                    continue;
                }
                ResponseKind::LocalInfileRequest => {
                    met.check::<LocalInfileRequest>(line, ());
                }
                ResponseKind::ColumnCount => drop(met.check::<ColumnCount>(line, shared)),
                ResponseKind::StmtPrepareOk => drop(met.check::<StmtPrepareOk>(line, shared)),
                ResponseKind::ColumnDefinition if place == ResponsePlace::Fields => {
                    met.check::<FieldListColumn<ColumnDefinition41>>(line, shared);
                }
                ResponseKind::ColumnDefinition => {
                    met.check::<ColumnDefinition41>(line, shared);
                }
                ResponseKind::BinlogEvent => drop(met.check::<BinlogEvent>(line, ())),
                ResponseKind::Statistics => drop(met.check::<StatisticsResponse>(line, ())),
                // Checking a row needs its columns.
                ResponseKind::Row => {}
                other => panic!("{}: {other:?}: {line:?}", self.name),
            }
            return Some((kind, line));
        }
    }

    fn next_line(&mut self) -> Option<&'a Line> {
        let after = self.lines.get(self.at..)?;
        let ahead = after
            .iter()
            .position(|line| line.direction == Direction::Server)?;
        self.at += ahead + 1;
        Some(after[ahead])
    }

    /// The status in an OK or an EOF; empty for other packets.
    fn status(&self, line: &Line) -> StatusFlags {
        let (payload, shared) = (&line.payload, self.shared);
        match payload.first() {
            Some(0xfe) if payload.len() < 7 => EofPacket::from_payload(payload, shared)
                .map_or(StatusFlags::empty(), |eof| eof.status_flags),
            Some(0x00 | 0xfe) => OkPacket::from_payload(payload, shared)
                .map_or(StatusFlags::empty(), |ok| ok.status_flags),
            _ => StatusFlags::empty(),
        }
    }
}

fn string_column() -> ColumnDefinition41 {
    ColumnDefinition41 {
        column_type: ColumnType::VAR_STRING,
        ..ColumnDefinition41::default()
    }
}
