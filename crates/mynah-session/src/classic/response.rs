use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{EofPacket, OkPacket, ResponseKind, ResponsePlace, StmtPrepareOk};
use mynah_classic::resultset::{ColumnCount, MetadataFollows};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::{DecodeError, Message, Reader};

use super::Part;

/// Follows what a server answers to one command, packet by packet, and knows when the answer is
/// complete. Rows are distinguished from their end without being read.
///
/// ```text
/// First --OK, ERR--> Complete, or First again while MORE_RESULTS_EXISTS is set
///   |  |--LOCAL INFILE request--> LocalInfile --OK, ERR--> as First
///   |--column count--> Columns --(EOF)--> Rows --EOF, OK, ERR--> as First
/// Prepared --ERR--> Complete
///   |--prepare OK--> Parameters --(EOF)--> Columns --(EOF)--> Complete
/// ```
/// COM_FIELD_LIST, COM_STATISTICS, COM_STMT_FETCH and binary logs start further on; a command
/// without rows is `Done` with one OK, EOF or ERR; COM_QUIT, COM_STMT_CLOSE and
/// COM_STMT_SEND_LONG_DATA are complete from the start.
#[derive(Clone, Debug)]
pub struct Response {
    expect: Expect,
    shared: Capabilities,
    rows: u64,
    status_flags: StatusFlags,
    out_parameters: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Done,
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
    /// Expects the answer to this command; `shared` are the capability flags of the connection.
    #[must_use]
    pub fn new(command: CommandCode, shared: Capabilities) -> Self {
        // The answer to a command decides which packets can come; see the diagram above.
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
            CommandCode::QUERY | CommandCode::PROCESS_INFO => Expect::First { row: Part::TextRow },
            _ => Expect::Done,
        };
        Self {
            expect,
            shared,
            rows: 0,
            status_flags: StatusFlags::empty(),
            out_parameters: false,
        }
    }

    /// Whether nothing of the answer is expected any more: all of it has been received, [`receive`](Self::receive) has
    /// failed, or servers don't answer the command.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.expect == Expect::Complete
    }

    /// Whether the client has to send a file next.
    #[must_use]
    pub fn wants_file(&self) -> bool {
        matches!(self.expect, Expect::LocalInfile { .. })
    }

    /// The number of rows so far, of all result sets of the answer.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The status flags of the last packet of the answer that had some; empty if none had.
    #[must_use]
    pub fn status_flags(&self) -> StatusFlags {
        self.status_flags
    }

    /// Whether most messages that may come next (rows, columns, events of a binary log) are recognized by their
    /// first byte alone. They can be given to [`pass_over`](Self::pass_over) without their payload.
    #[must_use]
    pub fn is_known_by_first_byte(&self) -> bool {
        self.bulk().is_some()
    }

    /// Whether a binary log is being sent.
    #[must_use]
    pub fn is_binlog(&self) -> bool {
        self.expect == Expect::Binlog
    }

    /// Handles the next message if its first byte is enough to know it: a row, a column definition, a piece
    /// of a binary log. Returns its part. For any other message it returns `None` and changes nothing; pass
    /// that message to [`receive`](Self::receive).
    #[inline]
    pub fn pass_over(&mut self, first: u8) -> Option<Part> {
        // Packets from 0xfe on may be an EOF or an error. A column definition begins with the length of
        // `def`, a row with that of its first cell, where 0xfe is a cell of 16 MiB and more: `receive`
        // decides by the packet's length.
        let kind = self.bulk().filter(|_| first < FIRST_OF_ENDS)?;
        if kind == ResponseKind::BinlogEvent && first != 0 {
            return None;
        }
        Some(self.advance(kind))
    }

    /// Whether rows are being sent.
    pub(crate) fn is_in_rows(&self) -> bool {
        matches!(self.expect, Expect::Rows { .. })
    }

    /// Takes so many rows, which none of them ends.
    pub(crate) fn pass_rows(&mut self, rows: u64) {
        self.rows += rows;
    }

    /// The kind of message that there can be many of in the present state.
    fn bulk(&self) -> Option<ResponseKind> {
        match self.expect {
            Expect::Columns { .. }
            | Expect::Parameters { .. }
            | Expect::PreparedColumns { .. }
            | Expect::FieldList => Some(ResponseKind::ColumnDefinition),
            Expect::Rows { .. } => Some(ResponseKind::Row),
            Expect::Binlog => Some(ResponseKind::BinlogEvent),
            _ => None,
        }
    }

    /// Handles the next message of the server, and returns its part in the answer.
    ///
    /// # Errors
    /// When the message can't follow at this place of the answer. The answer counts as complete then, because its
    /// end can't be found any more.
    pub fn receive(&mut self, payload: &Bytes) -> Result<Part, DecodeError> {
        let received = match self.expect {
            Expect::Authentication => self.authentication(payload),
            _ => self.step(payload),
        };
        // The place in the answer is lost. Following it further would take rows for something else.
        if received.is_err() {
            self.expect = Expect::Complete;
        }
        received
    }

    fn step(&mut self, payload: &Bytes) -> Result<Part, DecodeError> {
        let first = payload.get(..3).unwrap_or(payload);
        let kind = match self.expect.place() {
            Some(place) => ResponseKind::of(place, first, payload.len(), self.shared),
            None => None,
        };
        let Some(kind) = kind else {
            let found = payload.first().copied().map_or(0, u64::from);
            return Err(Reader::new(payload).unexpected(self.expect.due(), found));
        };
        match (kind, self.expect) {
            // MariaDB sends progress reports as ERR packets with number 0xffff, at any place of an answer.
            (ResponseKind::ProgressReport, _) => return Ok(Part::Progress),
            (ResponseKind::Err, _) => {
                self.expect = Expect::Complete;
                return Ok(Part::Err);
            }
            (ResponseKind::Ok, _) => {
                self.status_flags = OkPacket::from_payload(payload, self.shared)?.status_flags;
            }
            (ResponseKind::Eof, _) => {
                self.status_flags = EofPacket::from_payload(payload, self.shared)?.status_flags;
            }
            (ResponseKind::ColumnCount, Expect::First { row }) => {
                let count = ColumnCount::from_payload(payload, self.shared)?;
                self.expect = self.after_count(count, row);
                return Ok(Part::ColumnCount);
            }
            (ResponseKind::StmtPrepareOk, _) => {
                let prepared = StmtPrepareOk::from_payload(payload, self.shared)?;
                self.expect = self.after_prepared(prepared);
                return Ok(Part::Prepared);
            }
            (ResponseKind::LocalInfileRequest, Expect::First { row }) => {
                self.expect = Expect::LocalInfile { row };
                return Ok(Part::LocalInfile);
            }
            _ => {}
        }
        Ok(self.advance(kind))
    }

    /// A step of COM_CHANGE_USER's exchange, in which every first byte has another meaning.
    fn authentication(&mut self, payload: &Bytes) -> Result<Part, DecodeError> {
        Ok(match payload.first() {
            Some(0x00) => {
                self.status_flags = OkPacket::from_payload(payload, self.shared)?.status_flags;
                self.expect = Expect::Complete;
                Part::Ok
            }
            Some(0xff) => {
                self.expect = Expect::Complete;
                Part::Err
            }
            _ => Part::Authentication,
        })
    }

    /// Changes the state behind a packet whose kind is enough to know what follows.
    fn advance(&mut self, kind: ResponseKind) -> Part {
        let is_end = matches!(kind, ResponseKind::Ok | ResponseKind::Eof);
        let (part, next) = match self.expect {
            Expect::First { row } | Expect::LocalInfile { row } => {
                (Part::Ok, self.after_result(row))
            }
            Expect::Columns { left, row } => (
                Part::ColumnDefinition,
                match left.saturating_sub(1) {
                    0 => self.after_columns(row),
                    left => Expect::Columns { left, row },
                },
            ),
            Expect::ColumnsEnd { row } => (Part::ColumnsEnd, self.after_columns_end(row)),
            Expect::Rows { row } if is_end => (Part::RowsEnd, self.after_result(row)),
            Expect::Rows { row } => {
                self.rows += 1;
                (row, self.expect)
            }
            Expect::Parameters { left, columns } => (
                Part::Parameter,
                self.parameters(left.saturating_sub(1), columns),
            ),
            Expect::ParametersEnd { columns } => (Part::ColumnsEnd, prepared_columns(columns)),
            Expect::PreparedColumns { left } => (
                Part::ColumnDefinition,
                match left.saturating_sub(1) {
                    0 if self.has_eof() => Expect::PreparedColumnsEnd,
                    left => prepared_columns(left),
                },
            ),
            Expect::PreparedColumnsEnd => (Part::ColumnsEnd, Expect::Complete),
            Expect::FieldList if is_end => (Part::ColumnsEnd, Expect::Complete),
            Expect::FieldList => (Part::ColumnDefinition, self.expect),
            Expect::Binlog if is_end => (Part::RowsEnd, Expect::Complete),
            Expect::Binlog => (Part::BinlogEvent, self.expect),
            Expect::Statistics => (Part::Statistics, Expect::Complete),
            Expect::Done | Expect::Authentication | Expect::Prepared | Expect::Complete => {
                (Part::Ok, Expect::Complete)
            }
        };
        self.expect = next;
        part
    }

    fn after_count(&self, count: ColumnCount, row: Part) -> Expect {
        // With `resultset_metadata=NONE`, the count comes without columns ("COM_QUERY Response").
        if count.column_count == 0 || count.metadata_follows == MetadataFollows::NONE {
            return self.after_columns(row);
        }
        let left = count.column_count;
        Expect::Columns { left, row }
    }

    fn after_columns(&self, row: Part) -> Expect {
        if self.has_eof() {
            Expect::ColumnsEnd { row }
        } else {
            Expect::Rows { row }
        }
    }

    fn after_columns_end(&mut self, row: Part) -> Expect {
        // The OUT parameters of a procedure are never the last result; MySQL says so here, and no
        // more after their row (seen: 5.6 and 9.7, not MariaDB).
        self.out_parameters = self
            .status_flags
            .contains(StatusFlags::PS_OUT_PARAMS | StatusFlags::MORE_RESULTS_EXISTS);
        // The rows of a cursor are fetched by COM_STMT_FETCH.
        if self.status_flags.contains(StatusFlags::CURSOR_EXISTS) {
            Expect::Complete
        } else {
            Expect::Rows { row }
        }
    }

    fn after_result(&mut self, row: Part) -> Expect {
        let out_parameters = std::mem::take(&mut self.out_parameters);
        if out_parameters || self.status_flags.contains(StatusFlags::MORE_RESULTS_EXISTS) {
            Expect::First { row }
        } else {
            Expect::Complete
        }
    }

    fn after_prepared(&self, prepared: StmtPrepareOk) -> Expect {
        let (parameters, columns) = (prepared.num_params, prepared.num_columns);
        match parameters {
            // Without metadata, neither parameters nor columns follow.
            _ if prepared.metadata_follows == MetadataFollows::NONE => Expect::Complete,
            0 => prepared_columns(columns),
            left => Expect::Parameters { left, columns },
        }
    }

    /// What follows, with `left` parameter definitions still to come.
    fn parameters(&self, left: u16, columns: u16) -> Expect {
        match left {
            0 if self.has_eof() => Expect::ParametersEnd { columns },
            0 => prepared_columns(columns),
            left => Expect::Parameters { left, columns },
        }
    }

    /// Whether EOF packets end columns and rows.
    fn has_eof(&self) -> bool {
        !self.shared.contains(Capabilities::DEPRECATE_EOF)
    }
}

impl Expect {
    /// The position in the answer; `None` once it is complete.
    fn place(self) -> Option<ResponsePlace> {
        Some(match self {
            Self::First { .. } => ResponsePlace::Result,
            Self::Done | Self::LocalInfile { .. } => ResponsePlace::Done,
            Self::Columns { .. } | Self::Parameters { .. } | Self::PreparedColumns { .. } => {
                ResponsePlace::Columns
            }
            Self::ColumnsEnd { .. } | Self::ParametersEnd { .. } | Self::PreparedColumnsEnd => {
                ResponsePlace::ColumnsEnd
            }
            Self::Rows { .. } => ResponsePlace::Rows,
            Self::Prepared => ResponsePlace::Prepared,
            Self::FieldList => ResponsePlace::Fields,
            Self::Statistics => ResponsePlace::Statistics,
            Self::Binlog => ResponsePlace::Binlog,
            Self::Authentication | Self::Complete => return None,
        })
    }

    /// The expected message, for errors.
    fn due(self) -> &'static str {
        match self {
            Self::Done => "OK",
            Self::First { .. } => "result",
            Self::LocalInfile { .. } => "OK of a file",
            Self::Columns { .. } | Self::PreparedColumns { .. } | Self::FieldList => {
                "column definition"
            }
            Self::ColumnsEnd { .. } | Self::ParametersEnd { .. } | Self::PreparedColumnsEnd => {
                "end of columns"
            }
            Self::Rows { .. } => "row",
            Self::Prepared => "COM_STMT_PREPARE_OK",
            Self::Parameters { .. } => "parameter",
            Self::Statistics => "statistics",
            Self::Binlog => "binary log event",
            Self::Authentication => "authentication",
            Self::Complete => "packet after the answer",
        }
    }
}

fn prepared_columns(left: u16) -> Expect {
    match left {
        0 => Expect::Complete,
        left => Expect::PreparedColumns { left },
    }
}

/// What may end rows: OK, EOF, errors.
const FIRST_OF_ENDS: u8 = 0xfe;
