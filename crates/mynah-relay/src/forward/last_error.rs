//! The error that a client gets before its connection is closed, if the protocol has a place for it.

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_session::observe::Observer;
use mynah_wire::compress::Deflator;

use crate::observer::ConnectionObserver;
use crate::refusal::Refusal;
use crate::x;

/// The error of a login that failed, for a client that expects this sequence id.
pub(super) fn in_login(observer: &ConnectionObserver, refusal: &Refusal, sequence_id: u8) -> Bytes {
    if observer.is_x() {
        x::error(refusal.code, &refusal.message)
    } else if observer.has_greeted() {
        refusal.packet(sequence_id, Capabilities::PROTOCOL_41)
    } else {
        // An error in place of a greeting has number 0 and no SQL state: no capability is in force yet.
        refusal.packet(0, Capabilities::empty())
    }
}

/// The error for a client that has been idle for too long.
pub(super) fn of_idle(followed: &Observer) -> Option<(Refusal, Bytes)> {
    let sees = followed.is_in_command_phase() && !followed.awaits_answer();
    sees.then(|| {
        let refusal = Refusal::idle();
        let packet = in_frame(followed, refusal.packet(0, followed.shared()));
        (refusal, packet)
    })
}

/// The error for a client when the proxy ends; `None` where the protocol has no place for one.
pub(super) fn of_shutdown(followed: &Observer) -> Option<(Refusal, Bytes)> {
    let refusal = Refusal::shutdown();
    let words = if !followed.is_x() {
        let place = followed.place_for_error()?;
        in_frame(followed, refusal.packet(place, followed.shared()))
    } else if followed.is_between_messages() {
        x::error(refusal.code, &refusal.message)
    } else {
        return None;
    };
    Some((refusal, words))
}

/// A packet of the proxy, compressed if the connection is.
fn in_frame(followed: &Observer, packet: Bytes) -> Bytes {
    let Some((algorithm, next)) = followed.frame_for_error() else {
        return packet;
    };
    let mut wire = BytesMut::new();
    match Deflator::new(algorithm, next).write(&packet, &mut wire) {
        Ok(()) => wire.freeze(),
        // Without an error, the connection just closes.
        Err(_) => Bytes::new(),
    }
}
