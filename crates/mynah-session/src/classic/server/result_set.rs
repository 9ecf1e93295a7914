use std::borrow::Cow;
use std::sync::Arc;

use bytes::BytesMut;
use mynah_classic::error_code;
use mynah_classic::response::{EofPacket, OkHeader, OkPacket, SessionStateChanges};
use mynah_classic::resultset::{
    BinaryRow, CellError, ColumnCount, ColumnDefinition41, ExtendedMetadata, MetadataFollows,
};
use mynah_classic::value::{ValueError, ValueType};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::EncodeError;

use crate::classic::packet_exchange::PacketExchange;
use crate::progress::Progress;
use crate::{Completion, Failure, ResultSet, RowSource, Rows, SessionState};

/// What is left to send of a result set.
#[derive(Debug)]
pub(super) struct Sending {
    rows: Rows,
    next_row: usize,
    /// How many rows came before `rows`.
    rows_before: u64,
    format: Format,
    end: Completion,
    /// The status flag of OUT parameters, if it is those.
    kind: StatusFlags,
}

/// How rows are sent.
#[derive(Debug)]
enum Format {
    Text,
    Binary {
        columns: Arc<[ColumnDefinition41]>,
        types: Box<[ValueType]>,
    },
}

/// Sends what stands before the rows: their number, the columns if they are wanted, and the EOF
/// behind those where there is one.
pub(super) fn send_columns(
    exchange: &mut PacketExchange,
    columns: &[ColumnDefinition41],
    metadata: MetadataFollows,
    status_flags: StatusFlags,
    shared: Capabilities,
) -> Result<(), EncodeError> {
    let status_flags = status_flags - KNOWN_AT_THE_END;
    let count = ColumnCount {
        column_count: columns.len() as u64,
        metadata_follows: metadata,
    };
    exchange.send(&count, shared)?;
    if metadata != MetadataFollows::NONE {
        for column in columns {
            exchange.send(&*sent_column(column, shared), shared)?;
        }
    }
    if !shared.contains(Capabilities::DEPRECATE_EOF) {
        let end = EofPacket {
            status_flags,
            ..EofPacket::default()
        };
        exchange.send(&end, shared)?;
    }
    Ok(())
}

/// A column as a client gets it: with MariaDB's extended metadata only if the client shares that capability.
pub(super) fn sent_column(
    column: &ColumnDefinition41,
    shared: Capabilities,
) -> Cow<'_, ColumnDefinition41> {
    let has_place = shared.contains(Capabilities::MARIADB_EXTENDED_METADATA);
    if has_place || column.extended_metadata.is_empty() {
        return Cow::Borrowed(column);
    }
    Cow::Owned(ColumnDefinition41 {
        extended_metadata: ExtendedMetadata::default(),
        ..column.clone()
    })
}

impl Sending {
    /// The rows of a result set, of which nothing is sent yet.
    pub(super) fn new(result: ResultSet, binary: bool) -> Self {
        let mut kind = StatusFlags::empty();
        kind.set(StatusFlags::PS_OUT_PARAMS, result.is_out_parameters);
        let format = if binary {
            Format::Binary {
                types: result.columns.iter().map(ValueType::from).collect(),
                columns: result.columns,
            }
        } else {
            Format::Text
        };
        Self {
            rows: result.rows,
            next_row: 0,
            rows_before: 0,
            format,
            end: result.end,
            kind,
        }
    }

    /// Sends rows, `wanted` at most, until there are no more or the output is full.
    pub(super) fn send(&mut self, exchange: &mut PacketExchange, wanted: &mut u64) -> Progress {
        loop {
            if *wanted == 0 {
                return Progress::Enough;
            }
            let Some(row) = self.rows.get(self.next_row) else {
                break;
            };
            // Checked before each row, not after: an output that is exactly full must not be flushed if the result
            // ends here.
            if exchange.output.len() >= OUTPUT_LIMIT {
                return Progress::Full;
            }
            match &self.format {
                Format::Text => exchange.send_payload(row.as_bytes()),
                Format::Binary { columns, types } => {
                    let put = |w: &mut _| BinaryRow::put_text_row(w, types, row.as_bytes());
                    if let Err(error) = exchange.write(put) {
                        let number = self.rows_before + self.next_row as u64 + 1;
                        return Progress::Failed(incorrect(columns, number, error));
                    }
                }
            }
            self.next_row += 1;
            *wanted -= 1;
        }
        match self.rows.source() {
            Some(source) => Progress::NeedsRows(source),
            None => Progress::Sent,
        }
    }

    /// Continues with these rows.
    pub(super) fn continue_with(&mut self, rows: Rows) {
        self.rows_before += self.rows.len() as u64;
        self.rows = rows;
        self.next_row = 0;
    }

    /// Where more rows come from, if they do.
    pub(super) fn source(&self) -> Option<RowSource> {
        self.rows.source()
    }

    /// Checks the rows at hand that are not sent yet.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Format::Binary { columns, types } = &self.format else {
            return Ok(());
        };
        let mut scratch = BytesMut::new();
        for index in self.next_row..self.rows.len() {
            let Some(row) = self.rows.get(index) else {
                break;
            };
            scratch.clear();
            if let Err(error) = BinaryRow::put_text_row(&mut scratch, types, row.as_bytes()) {
                let number = self.rows_before + index as u64 + 1;
                return Err(incorrect(columns, number, error));
            }
        }
        Ok(())
    }

    /// The status flags of this result.
    pub(super) fn status_flags(&self, session: &SessionState) -> StatusFlags {
        status_flags(&self.end, session) | self.kind
    }

    /// Sends what stands behind the rows.
    pub(super) fn send_end(
        &self,
        exchange: &mut PacketExchange,
        session: &SessionState,
        added: StatusFlags,
        shared: Capabilities,
    ) -> Result<(), EncodeError> {
        let mut end = ok_packet(&self.end, session, shared);
        end.status_flags |= self.kind | added;
        end.header = OkHeader::Eof;
        send_eof(exchange, end, shared)
    }
}

/// Sends an EOF, or the OK that takes its place.
pub(super) fn send_eof(
    exchange: &mut PacketExchange,
    end: OkPacket,
    shared: Capabilities,
) -> Result<(), EncodeError> {
    if shared.contains(Capabilities::DEPRECATE_EOF) {
        let header = OkHeader::Eof;
        return exchange.send(&OkPacket { header, ..end }, shared);
    }
    // An EOF packet has no place for changes of session state, so it must not announce them.
    let mut status_flags = end.status_flags;
    status_flags.remove(StatusFlags::SESSION_STATE_CHANGED);
    let end = EofPacket {
        warnings: end.warnings,
        status_flags,
    };
    exchange.send(&end, shared)
}

/// The status flags to send for a completion in this session.
fn status_flags(completion: &Completion, session: &SessionState) -> StatusFlags {
    completion.status_flags.unwrap_or_else(|| session.flags())
}

/// The OK packet of `completion` in this session, with what the client's capabilities have room for.
pub(super) fn ok_packet(
    completion: &Completion,
    session: &SessionState,
    shared: Capabilities,
) -> OkPacket {
    let tracked = shared.contains(Capabilities::SESSION_TRACK);
    let mut status_flags = status_flags(completion, session);
    let mut session_state_changes = SessionStateChanges::default();
    if tracked && !completion.session_state_changes.is_empty() {
        status_flags |= StatusFlags::SESSION_STATE_CHANGED;
        session_state_changes = completion.session_state_changes.clone();
    }
    let wants_found = shared.contains(Capabilities::FOUND_ROWS);
    let found_rows = completion.found_rows.filter(|_| wants_found);
    OkPacket {
        header: OkHeader::Ok,
        affected_rows: found_rows.unwrap_or(completion.affected_rows),
        last_insert_id: completion.last_insert_id,
        status_flags,
        warnings: completion.warning_count,
        info: Some(completion.message.clone()).filter(|message| !message.is_empty()),
        session_state_changes,
    }
}

/// The error for a cell whose text isn't a value of its column.
fn incorrect(columns: &[ColumnDefinition41], row: u64, error: CellError) -> Failure {
    let name = match columns.get(error.column) {
        Some(column) => String::from_utf8_lossy(column.names.name()).into_owned(),
        None => format!("{}", error.column + 1),
    };
    let what = match error.error {
        ValueError::Malformed { wanted } => format!("Incorrect {wanted} value"),
        other => format!("Incorrect value ({other})"),
    };
    Failure::general(
        error_code::ER_TRUNCATED_WRONG_VALUE_FOR_FIELD,
        format!("{what} for column '{name}' at row {row}"),
    )
}

/// What a server doesn't know before it has sent the rows (seen: MariaDB 10.11, MySQL 9.7).
const KNOWN_AT_THE_END: StatusFlags = StatusFlags::QUERY_WAS_SLOW.union(StatusFlags::LAST_ROW_SENT);
/// How much is written before it is sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
