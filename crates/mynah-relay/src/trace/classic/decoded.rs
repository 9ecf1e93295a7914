//! The fields of messages.

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{Command, CommandCode};
use mynah_classic::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, HandshakeResponse, HandshakeResponse41,
    HandshakeResponse320, HandshakeV9, HandshakeV10, SslRequest,
};
use mynah_classic::response::{
    EofPacket, ErrPacket, LocalInfileRequest, OkPacket, ProgressReport, StatisticsResponse,
    StmtPrepareOk,
};
use mynah_classic::resultset::{ColumnCount, ColumnDefinition41, FieldListColumn};
use mynah_session::classic::Part;
use mynah_session::observe::What;
use mynah_wire::Message;

use crate::trace::decoded::Decoded;
use crate::trace::fields::{Field, command_name};

pub(super) fn decoded(what: &What, payload: &Bytes, shared: Capabilities) -> Decoded {
    Decoded {
        is_login: matches!(
            what,
            What::Greeting | What::HandshakeResponse | What::Command(CommandCode::CHANGE_USER)
        ),
        statement: match *what {
            What::Command(CommandCode::QUERY | CommandCode::STMT_PREPARE) => "query",
            _ => "",
        },
        ..read(what, payload, shared)
    }
}

fn read(what: &What, payload: &Bytes, shared: Capabilities) -> Decoded {
    match what {
        What::Greeting if payload.first() == Some(&ERR) => fields::<ErrPacket>(payload, shared),
        What::Greeting if payload.first() == Some(&HandshakeV9::PROTOCOL_VERSION) => {
            fields::<HandshakeV9>(payload, ())
        }
        What::Greeting => fields::<HandshakeV10>(payload, ()),
        What::SslRequest => fields::<SslRequest>(payload, ()),
        What::HandshakeResponse => handshake_response(payload),
        What::AuthRequest => auth_request(payload),
        What::AuthResponse => Decoded::plain("AuthResponse"),
        What::LoginEnd if payload.first() == Some(&ERR) => fields::<ErrPacket>(payload, shared),
        What::LoginEnd => fields::<OkPacket>(payload, shared),
        What::Command(code) => Decoded {
            name: command_name(*code),
            ..fields::<Command>(payload, shared)
        },
        What::Answer(part) => answer(*part, payload, shared),
        What::File => Decoded::plain("LOCAL INFILE data"),
        What::SemiSyncAck => Decoded::plain("semi-sync ACK"),
        What::Unasked if is_error(payload) => fields::<ErrPacket>(payload, shared),
        What::Unasked => Decoded::plain("unasked"),
        What::Undecodable(error) => Decoded::undecodable(error),
    }
}

fn handshake_response(payload: &Bytes) -> Decoded {
    match HandshakeResponse::from_payload_lenient(payload, ()) {
        Ok((HandshakeResponse::V320(_), _)) => fields::<HandshakeResponse320>(payload, ()),
        _ => fields::<HandshakeResponse41>(payload, ()),
    }
}

fn auth_request(payload: &Bytes) -> Decoded {
    match payload.first() {
        Some(&AuthSwitchRequest::HEADER) if payload.len() > 1 => {
            fields::<AuthSwitchRequest>(payload, ())
        }
        Some(&AuthNextFactor::HEADER) => fields::<AuthNextFactor>(payload, ()),
        Some(&AuthMoreData::HEADER) => fields::<AuthMoreData>(payload, ()),
        _ => Decoded::plain("OldAuthSwitchRequest"),
    }
}

fn answer(part: Part, payload: &Bytes, shared: Capabilities) -> Decoded {
    match part {
        Part::Ok => ok_or_eof(payload, shared),
        Part::Err => fields::<ErrPacket>(payload, shared),
        Part::Progress => fields::<ProgressReport>(payload, ()),
        Part::ColumnCount => fields::<ColumnCount>(payload, shared),
        Part::ColumnDefinition | Part::Parameter => {
            let column = fields::<ColumnDefinition41>(payload, shared);
            if column.fields.is_some() && column.rest.is_empty() {
                return column;
            }
            fields::<FieldListColumn<ColumnDefinition41>>(payload, shared)
        }
        Part::ColumnsEnd | Part::RowsEnd => ok_or_eof(payload, shared),
        Part::TextRow => Decoded::plain("Text Resultset Row"),
        Part::BinaryRow => Decoded::plain("Binary Protocol Resultset Row"),
        Part::LocalInfile => fields::<LocalInfileRequest>(payload, ()),
        Part::Prepared => fields::<StmtPrepareOk>(payload, shared),
        Part::Statistics => fields::<StatisticsResponse>(payload, ()),
        Part::BinlogEvent => Decoded::plain("binlog event"),
        Part::Authentication => auth_request(payload),
    }
}

fn ok_or_eof(payload: &Bytes, shared: Capabilities) -> Decoded {
    if payload.len() > LEN_OF_EOF {
        fields::<OkPacket>(payload, shared)
    } else {
        fields::<EofPacket>(payload, shared)
    }
}

/// Whether a message that answers no command is an error.
pub(super) fn is_error(payload: &[u8]) -> bool {
    payload.first() == Some(&ERR)
}

fn fields<M: Message + Field + 'static>(payload: &Bytes, cx: M::Context) -> Decoded {
    let strict = M::from_payload(payload, cx).map(|message| (message, Bytes::new()));
    let read = strict.or_else(|_| M::from_payload_lenient(payload, cx));
    match read {
        Ok((message, rest)) => Decoded {
            rest,
            ..Decoded::of(M::NAME, message)
        },
        Err(error) => Decoded {
            why: Some(error.to_string()),
            ..Decoded::plain(M::NAME)
        },
    }
}

const ERR: u8 = 0xff;
const LEN_OF_EOF: usize = 5;
