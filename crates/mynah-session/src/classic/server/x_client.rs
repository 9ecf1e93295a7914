//! A client of the X Protocol at a port of the classic one. Its frame has the form of a packet with
//! sequence id 0, which no classic client's first packet has.

use bytes::{Buf, BytesMut};
use mynah_wire::Packet;
use mynah_x::status::{Error, Severity};
use mynah_x::{ClientMessage, Frame, ServerMessage};

use crate::Failure;

/// Whether a packet with this header can be the first message of a client of the X Protocol.
pub(super) fn may_begin(sequence_id: u8, len: usize) -> bool {
    sequence_id == 0 && len <= LONGEST
}

/// How long the first message of such a client is at most: it may hold connection attributes.
const LONGEST: usize = 64 * 1024;

/// Whether a client's first packet is a message of the X Protocol.
pub(super) fn is_of_one(packet: &Packet) -> bool {
    let mut payload = packet.payload.clone();
    let Ok(message_type) = payload.try_get_u8() else {
        return false;
    };
    let frame = Frame {
        message_type,
        payload,
    };
    packet.sequence_id == 0
        && matches!(
            ClientMessage::from_frame(&frame),
            Ok(ClientMessage::CapabilitiesGet(_)
                | ClientMessage::CapabilitiesSet(_)
                | ClientMessage::AuthenticateStart(_)
                | ClientMessage::ConnectionClose(_))
        )
}

/// The error that it gets.
pub(super) fn refusal() -> Failure {
    Failure::general(
        5010,
        "this port speaks the classic protocol; the X Protocol has a port of its own",
    )
}

/// Appends an error as the client reads it.
pub(super) fn put(failure: &Failure, w: &mut BytesMut) {
    let error = Error {
        severity: Some(Severity::Fatal.into()),
        code: failure.code.into(),
        msg: String::from_utf8_lossy(&failure.message).into_owned(),
        sql_state: String::from_utf8_lossy(&failure.sql_state.0).into_owned(),
    };
    ServerMessage::from(error).put(w);
}
