use mynah_x::session::Reset;
use mynah_x::{ClientMessageType, Message};

/// Follows what a client says up to a message after which it logs in anew: nothing of what follows
/// that passes as it is.
#[derive(Debug, Default)]
pub(crate) struct LoginGate {
    header: [u8; HEADER],
    header_len: usize,
    left: usize,
    /// The payload of a message that may be one of those.
    body: Vec<u8>,
    is_closed: bool,
}

impl LoginGate {
    /// How many of these bytes may pass.
    pub(crate) fn may_pass(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !self.is_closed && !rest.is_empty() {
            if self.header_len < HEADER {
                self.header_byte(&mut rest);
            } else {
                self.payload(&mut rest);
            }
            if self.header_len == HEADER && self.left == 0 {
                self.is_closed = self.logs_in_anew();
                self.header_len = 0;
                self.body.clear();
            }
        }
        bytes.len() - rest.len()
    }

    /// Whether such a message has passed.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    fn header_byte(&mut self, rest: &mut &[u8]) {
        let Some((&byte, after)) = rest.split_first() else {
            return;
        };
        if let Some(place) = self.header.get_mut(self.header_len) {
            *place = byte;
        }
        self.header_len += 1;
        *rest = after;
        let [a, b, c, d, _] = self.header;
        let len = u32::from_le_bytes([a, b, c, d]).saturating_sub(1);
        self.left = usize::try_from(len).unwrap_or(usize::MAX);
    }

    fn payload(&mut self, rest: &mut &[u8]) {
        let (part, after) = rest.split_at(self.left.min(rest.len()));
        let room = MOST.saturating_sub(self.body.len()).min(part.len());
        self.body
            .extend_from_slice(part.get(..room).unwrap_or(part));
        self.left -= part.len();
        *rest = after;
    }

    fn logs_in_anew(&mut self) -> bool {
        let [.., message_type] = self.header;
        match ClientMessageType(message_type) {
            ClientMessageType::SESS_CLOSE => true,
            ClientMessageType::SESS_RESET => {
                let body = std::mem::take(&mut self.body).into();
                Reset::from_payload(&body).is_ok_and(|reset| reset.keep_open != Some(true))
            }
            _ => false,
        }
    }
}

/// Length and type.
const HEADER: usize = 5;

/// A reset has one truth value.
const MOST: usize = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::login::x::wire::{asked, wire};

    fn reset(keep_open: Option<bool>) -> Vec<u8> {
        wire(&asked(Reset { keep_open })).to_vec()
    }

    fn find() -> Vec<u8> {
        wire(&asked(mynah_x::sql::StmtExecute {
            stmt: vec![b'x'; 300].into(),
            ..Default::default()
        }))
        .to_vec()
    }

    proptest! {
        #[test]
        fn what_follows_the_end_of_a_session_is_held_back(
            before in 0_usize..4,
            keep_open in prop_oneof![Just(None), Just(Some(false)), Just(Some(true))],
            cut in 1_usize..700,
        ) {
            let mut stream: Vec<u8> = find().repeat(before);
            stream.extend(reset(keep_open));
            let end = stream.len();
            stream.extend(find());
            let mut gate = LoginGate::default();
            let passed: usize = stream.chunks(cut).map(|part| gate.may_pass(part)).sum();
            let closes = keep_open != Some(true);
            prop_assert_eq!(gate.is_closed(), closes);
            prop_assert_eq!(passed, if closes { end } else { stream.len() });
        }
    }

    #[test]
    fn a_session_may_be_closed_and_another_begun() {
        let mut gate = LoginGate::default();
        let mut bytes = wire(&asked(mynah_x::session::Close {})).to_vec();
        bytes.extend(find());
        assert_eq!(gate.may_pass(&bytes), HEADER);
        assert!(gate.is_closed());
    }
}
