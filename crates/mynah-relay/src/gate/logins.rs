use bytes::Bytes;
use mynah_wire::Scanner;
use mynah_x::session::Reset;
use mynah_x::{ClientMessageType, FrameHeader, Message};

/// Follows what a client says up to a message after which it logs in anew: nothing of what follows
/// that passes as it is.
#[derive(Debug, Default)]
pub(crate) struct LoginGate {
    frames: Scanner<FrameHeader>,
    /// Type and payload of the message that has begun, as far as it may be one of those.
    message: Vec<u8>,
    is_closed: bool,
}

impl LoginGate {
    /// How many of these bytes may pass.
    pub(crate) fn may_pass(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !self.is_closed
            && let Some(part) = self.frames.next(&mut rest)
        {
            let room = MOST.saturating_sub(self.message.len());
            let held = part.payload.get(..room).unwrap_or(part.payload);
            self.message.extend_from_slice(held);
            if part.is_last {
                self.is_closed = logs_in_anew(&self.message);
                self.message.clear();
            }
        }
        bytes.len() - rest.len()
    }

    /// Whether such a message has passed.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }
}

fn logs_in_anew(message: &[u8]) -> bool {
    let Some((message_type, payload)) = message.split_first() else {
        return false;
    };
    match ClientMessageType(*message_type) {
        ClientMessageType::SESS_CLOSE => true,
        ClientMessageType::SESS_RESET => {
            let reset = Reset::from_payload(&Bytes::copy_from_slice(payload));
            reset.is_ok_and(|reset| reset.keep_open != Some(true))
        }
        _ => false,
    }
}

/// How much of a message is looked at: a type, and a reset's one truth value.
const MOST: usize = 1 + 16;

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use mynah_x::ClientMessage;
    use proptest::prelude::*;

    use super::*;

    fn wire(message: impl Into<ClientMessage>) -> Vec<u8> {
        let mut wire = BytesMut::new();
        message.into().put(&mut wire);
        wire.to_vec()
    }

    fn reset(keep_open: Option<bool>) -> Vec<u8> {
        wire(Reset { keep_open })
    }

    fn find() -> Vec<u8> {
        wire(mynah_x::sql::StmtExecute {
            stmt: vec![b'x'; 300].into(),
            ..Default::default()
        })
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
        let mut bytes = wire(mynah_x::session::Close {});
        bytes.extend(find());
        assert_eq!(gate.may_pass(&bytes), 5);
        assert!(gate.is_closed());
    }
}
