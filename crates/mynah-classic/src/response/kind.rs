use mynah_wire::MAX_PAYLOAD_LEN;

use super::ProgressReport;
use crate::Capabilities;

/// The kind of a server's payload, determined by its first bytes and its place in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ResponseKind {
    /// An [`OkPacket`](super::OkPacket).
    Ok,
    /// An [`ErrPacket`](super::ErrPacket).
    Err,
    /// An [`EofPacket`](super::EofPacket).
    Eof,
    /// A [`ProgressReport`]; the expected message is still to come.
    ProgressReport,
    /// A [`LocalInfileRequest`](super::LocalInfileRequest).
    LocalInfileRequest,
    /// A [`ColumnCount`](crate::resultset::ColumnCount).
    ColumnCount,
    /// A [`StmtPrepareOk`](super::StmtPrepareOk).
    StmtPrepareOk,
    /// A column definition, which in the answer to COM_FIELD_LIST has a default value.
    ColumnDefinition,
    /// A [`TextRow`](crate::resultset::TextRow) or a [`BinaryRow`](crate::resultset::BinaryRow), as the command
    /// determines.
    Row,
    /// A [`BinlogEvent`](super::BinlogEvent).
    BinlogEvent,
    /// A [`StatisticsResponse`](super::StatisticsResponse).
    Statistics,
}

/// A payload's place in the answer to a command. Different messages begin with the same byte (an OK
/// and a row, say), and only the place distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ResponsePlace {
    /// The answer to a command without rows, such as COM_PING and COM_INIT_DB, or to the data of a LOCAL INFILE.
    Done,
    /// The first packet of a result: of COM_QUERY, COM_PROCESS_INFO and executions of prepared statements, and after
    /// the end of a result with MORE_RESULTS_EXISTS.
    Result,
    /// The first packet of the answer to COM_STMT_PREPARE.
    Prepared,
    /// A column definition after a count of them: in a result set, or in the answer to COM_STMT_PREPARE.
    Columns,
    /// The place after the last column definition, where an EOF stands if DEPRECATE_EOF isn't shared.
    ColumnsEnd,
    /// The answer to COM_FIELD_LIST: one of the column definitions, whose number isn't known, or their end.
    Fields,
    /// A row of a result set or of the answer to COM_STMT_FETCH, or the end of the rows.
    Rows,
    /// An event of a binary log, or the end of the events.
    Binlog,
    /// The answer to COM_STATISTICS.
    Statistics,
}

impl ResponseKind {
    /// The kind of a payload of `len` bytes that starts with `first`: three bytes, or all it has.
    ///
    /// `None` if no message of this place can start so: the payload is empty, or its first byte
    /// isn't allowed there. The rest of the payload isn't checked.
    #[must_use]
    pub fn of(
        place: ResponsePlace,
        first: &[u8],
        len: usize,
        shared: Capabilities,
    ) -> Option<Self> {
        let (&header, after) = first.split_first()?;
        // An error may come at any place; progress reports of MariaDB have the same first byte.
        if header == ERR {
            let code = after.first_chunk().copied().map(u16::from_le_bytes);
            let is_report = shared.contains(Capabilities::MARIADB_PROGRESS)
                && code == Some(ProgressReport::ERROR_CODE);
            return Some(if is_report {
                Self::ProgressReport
            } else {
                Self::Err
            });
        }
        Some(match (place, header) {
            (ResponsePlace::Statistics, _) => Self::Statistics,
            (ResponsePlace::Done | ResponsePlace::Result, OK) => Self::Ok,
            (ResponsePlace::Result, LOCAL_INFILE) => Self::LocalInfileRequest,
            (ResponsePlace::Result, _) => Self::ColumnCount,
            (ResponsePlace::Prepared, OK) => Self::StmtPrepareOk,
            // 0xfe is also the first byte of a length of eight bytes, so a row may start with it.
            (ResponsePlace::Rows, EOF) if is_row(len, shared) => Self::Row,
            // A column definition starts with the catalog `def`, never with 0xfe.
            (ResponsePlace::Columns, EOF) => return None,
            // COM_SET_OPTION and COM_DEBUG have no rows, but end with an EOF, too.
            (_, EOF) if place != ResponsePlace::Prepared => Self::end(len, shared),
            (ResponsePlace::Columns | ResponsePlace::Fields, _) => Self::ColumnDefinition,
            (ResponsePlace::Rows, _) => Self::Row,
            (ResponsePlace::Binlog, OK) => Self::BinlogEvent,
            _ => return None,
        })
    }

    /// Distinguishes the two packets that start with 0xfe: an EOF has five bytes, an OK at least
    /// seven. MySQL 9.7 ends a binary log with an EOF even if DEPRECATE_EOF is shared.
    fn end(len: usize, shared: Capabilities) -> Self {
        if len >= SHORTEST_OK && shared.contains(Capabilities::DEPRECATE_EOF) {
            Self::Ok
        } else {
            Self::Eof
        }
    }
}

/// Whether a payload that starts with 0xfe is a row: then its first cell has 2²⁴ bytes or more.
fn is_row(len: usize, shared: Capabilities) -> bool {
    // An OK with a long info can have more than nine bytes, so only a full packet is certainly a
    // row.
    if shared.contains(Capabilities::DEPRECATE_EOF) {
        len >= MAX_PAYLOAD_LEN
    } else {
        len >= LENGTH_OF_LONG_CELL
    }
}

const OK: u8 = 0x00;
const LOCAL_INFILE: u8 = 0xfb;
const EOF: u8 = 0xfe;
const ERR: u8 = 0xff;
// Header, two numbers of a byte each, status and warnings.
const SHORTEST_OK: usize = 7;
// 0xfe and a length of eight bytes.
const LENGTH_OF_LONG_CELL: usize = 9;

#[cfg(test)]
mod tests {
    use super::ResponseKind as Kind;
    use super::ResponsePlace as Place;
    use super::*;

    #[test]
    fn the_first_bytes_and_the_place_determine_the_kind() {
        const NEW: Capabilities = Capabilities::DEPRECATE_EOF;
        const OLD: Capabilities = Capabilities::PROTOCOL_41;
        const MARIADB: Capabilities = Capabilities::MARIADB_PROGRESS;
        const LONG: usize = 1 << 24;
        type Row = (Place, &'static [u8], usize, Capabilities, Option<Kind>);
        #[rustfmt::skip]
        let rows: &[Row] = &[
            (Place::Done, b"\x00\0\0", 7, NEW, Some(Kind::Ok)),
            (Place::Done, b"\xfe\0\0", 5, OLD, Some(Kind::Eof)),
            (Place::Done, b"\x01", 1, OLD, None),
            (Place::Done, b"", 0, OLD, None),
            (Place::Result, b"\x00\0\0", 7, NEW, Some(Kind::Ok)),
            (Place::Result, b"\x01", 1, NEW, Some(Kind::ColumnCount)),
            (Place::Result, b"\xfc\x01\x02", 3, NEW, Some(Kind::ColumnCount)),
            (Place::Result, b"\xfbfi", 9, NEW, Some(Kind::LocalInfileRequest)),
            (Place::Result, b"\xff\xff\xff", 9, MARIADB, Some(Kind::ProgressReport)),
            (Place::Result, b"\xff\xff\xff", 9, NEW, Some(Kind::Err)),
            (Place::Result, b"\xff\x28\x04", 9, MARIADB, Some(Kind::Err)),
            (Place::Prepared, b"\x00\x01\0", 12, NEW, Some(Kind::StmtPrepareOk)),
            (Place::Prepared, b"\xfe\x01\0", 12, NEW, None),
            (Place::Columns, b"\x03de", 30, NEW, Some(Kind::ColumnDefinition)),
            (Place::Columns, b"\xfe\0\0", 5, OLD, None),
            (Place::ColumnsEnd, b"\xfe\0\0", 5, OLD, Some(Kind::Eof)),
            (Place::ColumnsEnd, b"\x03de", 30, OLD, None),
            (Place::Fields, b"\x03de", 30, OLD, Some(Kind::ColumnDefinition)),
            (Place::Fields, b"\xfe\0\0", 7, NEW, Some(Kind::Ok)),
            (Place::Fields, b"\xfe\0\0", 5, OLD, Some(Kind::Eof)),
            (Place::Rows, b"\x00\0\0", 7, OLD, Some(Kind::Row)),
            (Place::Rows, b"\xfb", 1, OLD, Some(Kind::Row)),
            (Place::Rows, b"\xfe\0\0", 5, OLD, Some(Kind::Eof)),
            (Place::Rows, b"\xfe\0\0", LONG, OLD, Some(Kind::Row)),
            (Place::Rows, b"\xfe\0\0", LONG, NEW, Some(Kind::Row)),
            (Place::Rows, b"\xfe\0\0", 300, NEW, Some(Kind::Ok)),
            (Place::Rows, b"\xff\x28\x04", 20, NEW, Some(Kind::Err)),
            (Place::Binlog, b"\0ab", 99, NEW, Some(Kind::BinlogEvent)),
            (Place::Binlog, b"\xfe\0\0", 5, NEW, Some(Kind::Eof)),
            (Place::Binlog, b"\x01", 5, NEW, None),
            (Place::Statistics, b"Upt", 99, NEW, Some(Kind::Statistics)),
            (Place::Statistics, b"\xff\x28\x04", 99, NEW, Some(Kind::Err)),
        ];
        for &(place, first, len, shared, want) in rows {
            let found = Kind::of(place, first, len, shared);
            assert_eq!(found, want, "{place:?} {first:?} of {len}, {shared:?}");
        }
    }
}
