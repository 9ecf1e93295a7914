use mynah_classic::response::{EofPacket, OkHeader, OkPacket, SessionStateChanges};
use mynah_classic::resultset::ColumnCount;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::EncodeError;

use crate::classic::exchange::Exchange;
use crate::{Completion, ResultSet, Rows};

/// What is left to send of a result set.
#[derive(Debug)]
pub(super) struct Sending {
    rows: Rows,
    next_row: usize,
    end: Completion,
}

/// Sends what stands before the rows.
pub(super) fn send_head(
    exchange: &mut Exchange,
    result: ResultSet,
    shared: Capabilities,
) -> Result<Sending, EncodeError> {
    exchange.send(&ColumnCount::new(result.columns.len() as u64), shared)?;
    for column in result.columns.iter() {
        exchange.send(column, shared)?;
    }
    if !shared.contains(Capabilities::DEPRECATE_EOF) {
        exchange.send(&EofPacket::default(), shared)?;
    }
    Ok(Sending {
        rows: result.rows,
        next_row: 0,
        end: result.end,
    })
}

impl Sending {
    /// Sends rows until there are no more or the output is full, and says whether that was all.
    pub(super) fn send(
        &mut self,
        exchange: &mut Exchange,
        shared: Capabilities,
    ) -> Result<bool, EncodeError> {
        while let Some(row) = self.rows.get(self.next_row) {
            if exchange.output.len() >= OUTPUT_LIMIT {
                return Ok(false);
            }
            exchange.send_payload(row.as_bytes());
            self.next_row += 1;
        }
        if shared.contains(Capabilities::DEPRECATE_EOF) {
            let end = OkPacket {
                header: OkHeader::Eof,
                ..ok_packet(&self.end, shared)
            };
            exchange.send(&end, shared)?;
        } else {
            let end = EofPacket {
                warnings: self.end.warning_count,
                status_flags: self.end.status_flags,
            };
            exchange.send(&end, shared)?;
        }
        Ok(true)
    }
}

/// The OK packet that says `completion`, as far as the client can be told.
pub(super) fn ok_packet(completion: &Completion, shared: Capabilities) -> OkPacket {
    let tracked = shared.contains(Capabilities::SESSION_TRACK);
    let mut status_flags = completion.status_flags;
    let mut session_state_changes = SessionStateChanges::default();
    if tracked && !completion.session_state_changes.is_empty() {
        status_flags |= StatusFlags::SESSION_STATE_CHANGED;
        session_state_changes = completion.session_state_changes.clone();
    }
    OkPacket {
        header: OkHeader::Ok,
        affected_rows: completion.affected_rows,
        last_insert_id: completion.last_insert_id,
        status_flags,
        warnings: completion.warning_count,
        info: Some(completion.message.clone()).filter(|message| !message.is_empty()),
        session_state_changes,
    }
}

/// How much is written before it is sent.
const OUTPUT_LIMIT: usize = 64 * 1024;
