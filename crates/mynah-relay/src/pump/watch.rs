use std::io;

use mynah_session::observe::Direction;

use crate::gate::Standing;

/// Looks on while bytes pass. It is told after they have been sent.
pub(crate) trait Watch {
    /// Bytes have come that are about to be sent on: the moment that counts.
    fn arrived(&mut self) {}

    /// How many of these may pass. What is left comes with [`Pump::take_rest`](super::Pump::take_rest) when it has
    /// stopped, as it does then: see [`wants_stop`](Self::wants_stop).
    #[inline]
    fn may_pass(&mut self, _from: Direction, bytes: &[u8]) -> usize {
        bytes.len()
    }

    /// These have passed.
    fn passed(&mut self, from: Direction, bytes: &[u8]);

    /// A side has closed, or was lost for a reason; nothing more comes from it.
    fn ended(&mut self, _side: Direction, _lost: Option<&io::Error>) {}

    /// From here on, events describe traffic that the client encrypted.
    fn tls_is_ended_here(&mut self) {}

    /// Whether what comes next must not pass as it is.
    fn wants_stop(&mut self) -> bool {
        false
    }

    /// Where the connection stands, for a gate.
    fn standing(&self) -> Standing {
        Standing::Opaque
    }

    /// Whether the client has asked for something that has no answer yet.
    fn awaits_answer(&self) -> bool {
        false
    }
}
