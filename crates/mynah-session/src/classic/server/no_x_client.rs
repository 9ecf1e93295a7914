//! Without the X Protocol, its clients aren't recognized: their first packet is an invalid login.

use bytes::BytesMut;
use mynah_wire::Packet;

use crate::Failure;

pub(super) fn may_begin(_sequence_id: u8, _len: usize) -> bool {
    false
}

pub(super) fn is_of_one(_packet: &Packet) -> bool {
    false
}

pub(super) fn refusal() -> Failure {
    Failure::general(5010, "this port speaks the classic protocol")
}

pub(super) fn put(_failure: &Failure, _w: &mut BytesMut) {}
