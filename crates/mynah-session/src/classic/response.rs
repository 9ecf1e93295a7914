use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{EofPacket, OkPacket};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::{DecodeError, Message, Reader};

/// Follows what a server answers to one command, packet by packet, and knows when the answer is
/// complete. Rows are told from what ends them without being read.
///
/// ```text
/// First --OK, ERR--> Complete, or First again while MORE_RESULTS_EXISTS is set
///   |  |--LOCAL INFILE request--> LocalInfile --OK, ERR--> as First
///   |--column count--> Columns --(EOF)--> Rows --EOF, OK, ERR--> as First
/// Prepared --ERR--> Complete
///   |--prepare OK--> Parameters --(EOF)--> Columns --(EOF)--> Complete
/// ```
/// COM_FIELD_LIST, COM_STATISTICS, COM_STMT_FETCH and binary logs start further on; COM_QUIT,
/// COM_STMT_CLOSE and COM_STMT_SEND_LONG_DATA are complete from the start.
#[derive(Clone, Debug)]
pub struct Response {
    expect: Expect,
    shared: Capabilities,
    rows: u64,
    status_flags: StatusFlags,
    out_parameters: bool,
}

/// What a packet of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An OK that is no end of rows.
    Ok,
    /// An error; it ends the answer.
    Err,
    /// MariaDB's report of how far a statement has come.
    Progress,
    /// How many columns there are.
    ColumnCount,
    /// A column of a result set or of a prepared statement.
    ColumnDefinition,
    /// The end of columns or parameters.
    ColumnsEnd,
    /// A row of strings.
    TextRow,
    /// A row of typed values.
    BinaryRow,
    /// The end of rows: EOF, or OK where that takes its place.
    RowsEnd,
    /// A file is asked for; the client sends it next.
    LocalInfile,
    /// A statement is prepared.
    Prepared,
    /// A parameter of a prepared statement.
    Parameter,
    /// A line of text.
    Statistics,
    /// A piece of a binary log.
    BinlogEvent,
    /// A step of an authentication exchange.
    Authentication,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    First { row: Part },
    Columns { left: u64, row: Part },
    ColumnsEnd { row: Part },
    Rows { row: Part },
    LocalInfile { row: Part },
    Prepared,
    Parameters { left: u16, columns: u16 },
    ParametersEnd { columns: u16 },
    PreparedColumns { left: u16 },
    PreparedColumnsEnd,
    FieldList,
    Statistics,
    Binlog,
    Authentication,
    Complete,
}

impl Response {
    /// The answer to a command, between sides that share these capabilities.
    #[must_use]
    pub fn new(command: CommandCode, shared: Capabilities) -> Self {
        let row = Part::BinaryRow;
        let expect = match command {
            CommandCode::QUIT | CommandCode::STMT_CLOSE | CommandCode::STMT_SEND_LONG_DATA => {
                Expect::Complete
            }
            CommandCode::STMT_PREPARE => Expect::Prepared,
            CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE => Expect::First { row },
            CommandCode::STMT_FETCH => Expect::Rows { row },
            CommandCode::FIELD_LIST => Expect::FieldList,
            CommandCode::STATISTICS => Expect::Statistics,
            CommandCode::BINLOG_DUMP | CommandCode::BINLOG_DUMP_GTID => Expect::Binlog,
            CommandCode::CHANGE_USER => Expect::Authentication,
            _ => Expect::First { row: Part::TextRow },
        };
        Self {
            expect,
            shared,
            rows: 0,
            status_flags: StatusFlags::empty(),
            out_parameters: false,
        }
    }

    /// Whether nothing more of the answer is due.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.expect == Expect::Complete
    }

    /// Whether the client is due to send a file.
    #[must_use]
    pub fn wants_file(&self) -> bool {
        matches!(self.expect, Expect::LocalInfile { .. })
    }

    /// How many rows there were, of all results together.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// State of the session, as it was last said.
    #[must_use]
    pub fn status_flags(&self) -> StatusFlags {
        self.status_flags
    }

    /// Takes the next message of the server, and says what it is.
    ///
    /// # Errors
    /// When it can't be what is due. The answer counts as complete then: what comes after it
    /// can't be told.
    pub fn receive(&mut self, payload: &Bytes) -> Result<Part, DecodeError> {
        let received = self.step(payload);
        if received.is_err() {
            self.expect = Expect::Complete;
        }
        received
    }

    fn step(&mut self, payload: &Bytes) -> Result<Part, DecodeError> {
        if payload.first() == Some(&ERR) && self.expect != Expect::Statistics {
            return Ok(self.err(payload));
        }
        match self.expect {
            Expect::First { row } => self.first(payload, row),
            Expect::LocalInfile { row } => self.ok(payload, row),
            Expect::Columns { left, row } => {
                self.expect = match left.saturating_sub(1) {
                    0 if self.has_eof() => Expect::ColumnsEnd { row },
                    0 => Expect::Rows { row },
                    left => Expect::Columns { left, row },
                };
                Ok(Part::ColumnDefinition)
            }
            Expect::ColumnsEnd { row } => self.columns_end(payload, row),
            Expect::Rows { row } if self.is_end(payload) => self.rows_end(payload, row),
            Expect::Rows { row } => {
                self.rows += 1;
                Ok(row)
            }
            Expect::Prepared => self.prepared(payload),
            Expect::Parameters { left, columns } => {
                self.expect = self.parameters(left.saturating_sub(1), columns);
                Ok(Part::Parameter)
            }
            Expect::ParametersEnd { columns } => {
                self.eof(payload)?;
                self.expect = self.prepared_columns(columns);
                Ok(Part::ColumnsEnd)
            }
            Expect::PreparedColumns { left } => {
                self.expect = match left.saturating_sub(1) {
                    0 if self.has_eof() => Expect::PreparedColumnsEnd,
                    0 => Expect::Complete,
                    left => Expect::PreparedColumns { left },
                };
                Ok(Part::ColumnDefinition)
            }
            Expect::PreparedColumnsEnd => {
                self.eof(payload)?;
                self.expect = Expect::Complete;
                Ok(Part::ColumnsEnd)
            }
            Expect::FieldList if self.is_end(payload) => {
                self.status_flags = self.end(payload)?;
                self.expect = Expect::Complete;
                Ok(Part::ColumnsEnd)
            }
            Expect::FieldList => Ok(Part::ColumnDefinition),
            Expect::Statistics => {
                self.expect = Expect::Complete;
                Ok(Part::Statistics)
            }
            Expect::Binlog if is_short_eof(payload) => {
                self.expect = Expect::Complete;
                Ok(Part::RowsEnd)
            }
            Expect::Binlog => Ok(Part::BinlogEvent),
            Expect::Authentication if payload.first() == Some(&OK) => {
                self.ok(payload, Part::TextRow)
            }
            Expect::Authentication => Ok(Part::Authentication),
            Expect::Complete => {
                Err(Reader::new(payload).unexpected("packet after the answer", first(payload)))
            }
        }
    }

    fn err(&mut self, payload: &[u8]) -> Part {
        // An error with number 0xffff, which no error has.
        if self.shared.contains(Capabilities::MARIADB_PROGRESS) && payload.starts_with(PROGRESS) {
            return Part::Progress;
        }
        self.expect = Expect::Complete;
        Part::Err
    }

    fn first(&mut self, payload: &Bytes, row: Part) -> Result<Part, DecodeError> {
        match payload.first() {
            Some(&OK) => self.ok(payload, row),
            Some(&LOCAL_INFILE) => {
                self.expect = Expect::LocalInfile { row };
                Ok(Part::LocalInfile)
            }
            // What answers COM_DEBUG, COM_SET_OPTION and their like.
            _ if is_short_eof(payload) => {
                self.status_flags = self.end(payload)?;
                self.expect = Expect::Complete;
                Ok(Part::Ok)
            }
            _ => self.column_count(payload, row),
        }
    }

    fn column_count(&mut self, payload: &Bytes, row: Part) -> Result<Part, DecodeError> {
        let mut r = Reader::new(payload);
        let left = r.lenenc_int("column_count")?;
        // Whether definitions follow is said by a byte, in MySQL before the count of columns.
        let mut follow = true;
        let mut left = left;
        if self
            .shared
            .contains(Capabilities::OPTIONAL_RESULTSET_METADATA)
        {
            follow = left != 0;
            left = r.lenenc_int("column_count")?;
        } else if self.shared.contains(Capabilities::MARIADB_CACHE_METADATA) && r.remaining() > 0 {
            follow = r.u8("metadata_follows")? != 0;
        }
        self.expect = match (follow, self.has_eof()) {
            (true, _) if left > 0 => Expect::Columns { left, row },
            (_, true) => Expect::ColumnsEnd { row },
            _ => Expect::Rows { row },
        };
        Ok(Part::ColumnCount)
    }

    fn columns_end(&mut self, payload: &Bytes, row: Part) -> Result<Part, DecodeError> {
        let status = self.eof(payload)?;
        self.status_flags = status;
        // The OUT parameters of a procedure are never the last result; MySQL says so here,
        // and no more after their row (seen: 5.6 and 9.7, not MariaDB).
        self.out_parameters =
            status.contains(StatusFlags::PS_OUT_PARAMS | StatusFlags::MORE_RESULTS_EXISTS);
        self.expect = if status.contains(StatusFlags::CURSOR_EXISTS) {
            Expect::Complete
        } else {
            Expect::Rows { row }
        };
        Ok(Part::ColumnsEnd)
    }

    fn ok(&mut self, payload: &Bytes, row: Part) -> Result<Part, DecodeError> {
        let ok = OkPacket::from_payload(payload, self.shared)?;
        self.status_flags = ok.status_flags;
        self.result_end(row);
        Ok(Part::Ok)
    }

    fn rows_end(&mut self, payload: &Bytes, row: Part) -> Result<Part, DecodeError> {
        self.status_flags = self.end(payload)?;
        self.result_end(row);
        Ok(Part::RowsEnd)
    }

    fn result_end(&mut self, row: Part) {
        let more = self.status_flags.contains(StatusFlags::MORE_RESULTS_EXISTS);
        let out_parameters = std::mem::take(&mut self.out_parameters);
        self.expect = if more || out_parameters {
            Expect::First { row }
        } else {
            Expect::Complete
        };
    }

    fn prepared(&mut self, payload: &Bytes) -> Result<Part, DecodeError> {
        let mut r = Reader::new(payload);
        r.expect("status", OK)?;
        r.skip("statement_id", 4)?;
        let columns = r.u16("num_columns")?;
        let parameters = r.u16("num_params")?;
        r.skip("filler and warning_count", r.remaining().min(3))?;
        let follow = r.remaining() == 0 || r.u8("metadata_follows")? != 0;
        self.expect = if follow {
            self.parameters(parameters, columns)
        } else {
            Expect::Complete
        };
        if follow && parameters == 0 {
            self.expect = self.prepared_columns(columns);
        }
        Ok(Part::Prepared)
    }

    /// What is due where so many parameters are left.
    fn parameters(&self, left: u16, columns: u16) -> Expect {
        match left {
            0 if self.has_eof() => Expect::ParametersEnd { columns },
            0 => self.prepared_columns(columns),
            left => Expect::Parameters { left, columns },
        }
    }

    fn prepared_columns(&self, columns: u16) -> Expect {
        match columns {
            0 => Expect::Complete,
            left => Expect::PreparedColumns { left },
        }
    }

    /// Whether EOF packets end columns and rows.
    fn has_eof(&self) -> bool {
        !self.shared.contains(Capabilities::DEPRECATE_EOF)
    }

    /// Whether a packet ends rows. A row may start with the same byte, as the length of a cell
    /// of 16 MiB or more.
    fn is_end(&self, payload: &[u8]) -> bool {
        if self.has_eof() {
            is_short_eof(payload)
        } else {
            payload.first() == Some(&EOF) && payload.len() < mynah_wire::MAX_PAYLOAD_LEN
        }
    }

    fn end(&self, payload: &Bytes) -> Result<StatusFlags, DecodeError> {
        if self.has_eof() {
            self.eof(payload)
        } else {
            OkPacket::from_payload(payload, self.shared).map(|ok| ok.status_flags)
        }
    }

    fn eof(&self, payload: &Bytes) -> Result<StatusFlags, DecodeError> {
        EofPacket::from_payload(payload, self.shared).map(|eof| eof.status_flags)
    }
}

fn first(payload: &[u8]) -> u64 {
    payload.first().copied().map_or(0, u64::from)
}

fn is_short_eof(payload: &[u8]) -> bool {
    payload.first() == Some(&EOF) && payload.len() < 9
}

const OK: u8 = 0x00;
const LOCAL_INFILE: u8 = 0xfb;
const EOF: u8 = 0xfe;
const ERR: u8 = 0xff;
const PROGRESS: &[u8] = b"\xff\xff\xff";
