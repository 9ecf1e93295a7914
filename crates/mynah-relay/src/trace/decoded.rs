//! Messages field by field.

use std::fmt::Debug;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::Command;
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, Handshake, HandshakeResponse,
};
use mynah_classic::response::{
    EofPacket, ErrPacket, LocalInfileRequest, OkPacket, ProgressReport, StatisticsResponse,
    StmtPrepareOk,
};
use mynah_classic::resultset::{ColumnCount, ColumnDefinition41, FieldListColumn};
use mynah_session::classic::Part;
use mynah_session::observe::What;
use mynah_wire::Message;

/// What a message is called, and its fields; none where they say nothing more than its bytes do.
pub(super) fn decoded(
    what: &What,
    payload: &Bytes,
    shared: Capabilities,
) -> (&'static str, Option<String>) {
    match what {
        What::Greeting if payload.first() == Some(&ERR) => fields::<ErrPacket>(payload, shared),
        What::Greeting => fields::<Handshake>(payload, ()),
        What::SslRequest | What::HandshakeResponse => fields::<HandshakeResponse>(payload, ()),
        What::AuthRequest => auth_request(payload),
        What::AuthResponse => ("AuthResponse", None),
        What::LoginEnd if payload.first() == Some(&ERR) => fields::<ErrPacket>(payload, shared),
        What::LoginEnd => fields::<OkPacket>(payload, shared),
        What::Command(_) => fields::<Command>(payload, shared),
        What::Answer(part) => answer(*part, payload, shared),
        What::File => ("LOCAL INFILE data", None),
        What::SemiSyncAck => ("semi-sync ACK", None),
        What::Unasked if payload.first() == Some(&ERR) => fields::<ErrPacket>(payload, shared),
        What::Unasked => ("unasked", None),
        What::Undecodable(error) => ("undecodable", Some(error.to_string())),
    }
}

fn auth_request(payload: &Bytes) -> (&'static str, Option<String>) {
    match payload.first() {
        Some(&AuthSwitchRequest::HEADER) if payload.len() > 1 => {
            fields::<AuthSwitchRequest>(payload, ())
        }
        Some(&AuthNextFactor::HEADER) => fields::<AuthNextFactor>(payload, ()),
        Some(&AuthMoreData::HEADER) => fields::<AuthMoreData>(payload, ()),
        _ => ("OldAuthSwitchRequest", None),
    }
}

fn answer(part: Part, payload: &Bytes, shared: Capabilities) -> (&'static str, Option<String>) {
    match part {
        Part::Ok => ok_or_eof(payload, shared),
        Part::Err => fields::<ErrPacket>(payload, shared),
        Part::Progress => fields::<ProgressReport>(payload, ()),
        Part::ColumnCount => fields::<ColumnCount>(payload, shared),
        Part::ColumnDefinition | Part::Parameter => {
            match fields::<ColumnDefinition41>(payload, shared) {
                (_, None) => fields::<FieldListColumn<ColumnDefinition41>>(payload, shared),
                decoded => decoded,
            }
        }
        Part::ColumnsEnd | Part::RowsEnd => ok_or_eof(payload, shared),
        Part::TextRow => ("Text Resultset Row", None),
        Part::BinaryRow => ("Binary Protocol Resultset Row", None),
        Part::LocalInfile => fields::<LocalInfileRequest>(payload, ()),
        Part::Prepared => fields::<StmtPrepareOk>(payload, shared),
        Part::Statistics => fields::<StatisticsResponse>(payload, ()),
        Part::BinlogEvent => ("binlog event", None),
        Part::Authentication => auth_request(payload),
    }
}

fn ok_or_eof(payload: &Bytes, shared: Capabilities) -> (&'static str, Option<String>) {
    if payload.len() > LEN_OF_EOF {
        fields::<OkPacket>(payload, shared)
    } else {
        fields::<EofPacket>(payload, shared)
    }
}

fn fields<M: Message + Debug>(payload: &Bytes, cx: M::Context) -> (&'static str, Option<String>) {
    let message = M::from_payload(payload, cx).ok();
    (M::NAME, message.map(|message| format!("{message:?}")))
}

const ERR: u8 = 0xff;
const LEN_OF_EOF: usize = 5;
