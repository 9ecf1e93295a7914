//! What a client is told at the end, where the protocol has a place for it.

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_wire::compress::Deflator;

use super::ConnectionObserver;
use crate::refusal::Refusal;
use crate::x;

impl ConnectionObserver {
    /// Where an error has its place before the login is done: its sequence id, and the
    /// capabilities in force.
    pub(crate) fn place_for_refusal(&self) -> (u8, Capabilities) {
        if !self.facts.greeted {
            return (0, Capabilities::empty());
        }
        (self.next_sequence_id, Capabilities::PROTOCOL_41)
    }

    /// The login has failed where the client expects this sequence id.
    pub(crate) fn failed_at(&mut self, sequence_id: u8) {
        self.next_sequence_id = sequence_id;
    }

    /// What a client that has been silent is told when it has to go.
    pub(crate) fn words_of_idle(&mut self) -> Option<Bytes> {
        let sees = self.observer.is_in_command_phase() && !self.observer.awaits_answer();
        sees.then(|| {
            let refusal = Refusal::idle();
            self.tells(&refusal);
            self.in_frame(refusal.packet(0, self.observer.shared()))
        })
    }

    /// What a client is told when the proxy ends; nothing where the protocol has no place for it.
    pub(crate) fn words_of_shutdown(&mut self) -> Option<Bytes> {
        let refusal = Refusal::shutdown();
        let words = if !self.observer.is_x() {
            let place = self.observer.place_for_error()?;
            self.in_frame(refusal.packet(place, self.observer.shared()))
        } else if self.observer.is_between_messages() {
            x::error(refusal.code, &refusal.message)
        } else {
            return None;
        };
        self.tells(&refusal);
        Some(words)
    }

    /// A packet of the proxy's own, as it has to be where packets are compressed.
    fn in_frame(&self, packet: Bytes) -> Bytes {
        let Some((algorithm, next)) = self.observer.frame_for_error() else {
            return packet;
        };
        let mut wire = BytesMut::new();
        match Deflator::new(algorithm, next).write(&packet, &mut wire) {
            Ok(()) => wire.freeze(),
            // Then the connection just closes.
            Err(_) => Bytes::new(),
        }
    }
}
