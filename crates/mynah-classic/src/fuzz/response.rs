use bytes::Bytes;

use super::round_trip;
use crate::Capabilities;
use crate::response::{
    BinlogEvent, EofPacket, ErrPacket, LocalInfileData, LocalInfileRequest, OkPacket,
    ProgressReport, ResponseKind, ResponsePlace, SessionStateChanges, StatisticsResponse,
    StmtPrepareOk,
};
use crate::resultset::ColumnCount;

/// Fuzz target: reads a server's answer, after eight bytes of capabilities, as each kind, and panics if it can't be
/// written and read again.
pub fn response(data: &[u8]) {
    let Some((capabilities, payload)) = data.split_first_chunk() else {
        return;
    };
    let shared = Capabilities::from_bits_retain(u64::from_le_bytes(*capabilities));
    let payload = Bytes::copy_from_slice(payload);
    if let Some(ok) = round_trip::<OkPacket>(&payload, shared) {
        let changes: Result<Vec<_>, _> = ok.session_state_changes.iter().collect();
        if let Ok(changes) = changes {
            let again = SessionStateChanges::new(&changes);
            assert!(again.iter().eq(changes.into_iter().map(Ok)));
        }
    }
    round_trip::<ErrPacket>(&payload, shared);
    round_trip::<EofPacket>(&payload, shared);
    round_trip::<ProgressReport>(&payload, ());
    round_trip::<LocalInfileRequest>(&payload, ());
    round_trip::<LocalInfileData>(&payload, ());
    round_trip::<StmtPrepareOk>(&payload, shared);
    round_trip::<StatisticsResponse>(&payload, ());
    round_trip::<BinlogEvent>(&payload, ());
    round_trip::<ColumnCount>(&payload, shared);
    for place in PLACES {
        let kind = ResponseKind::of(place, &payload, payload.len(), shared);
        let first = payload.get(..3).unwrap_or(&payload);
        assert_eq!(kind, ResponseKind::of(place, first, payload.len(), shared));
    }
}

const PLACES: [ResponsePlace; 9] = [
    ResponsePlace::Done,
    ResponsePlace::Result,
    ResponsePlace::Prepared,
    ResponsePlace::Columns,
    ResponsePlace::ColumnsEnd,
    ResponsePlace::Fields,
    ResponsePlace::Rows,
    ResponsePlace::Binlog,
    ResponsePlace::Statistics,
];
