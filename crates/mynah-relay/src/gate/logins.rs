use bytes::Bytes;
use mynah_wire::Scanner;
use mynah_x::session::Reset;
use mynah_x::{ClientMessageType, FrameHeader, Message};

/// Stops what a client sends once it asks for another login, in which the proxy has a part.
#[derive(Debug)]
pub(crate) enum LoginGate {
    /// In the classic protocol, the client's stream is stopped after COM_CHANGE_USER: clients send nothing
    /// more before its answer.
    Classic {
        /// How many the client had sent before.
        change_users: u32,
    },
    /// In the X Protocol, it is stopped right after the message that ends a session; nothing behind it
    /// passes.
    X(SessionEnds),
}

impl LoginGate {
    /// Of a connection on which the client has sent so many COM_CHANGE_USER.
    pub(crate) fn new(is_x: bool, change_users: u32) -> Self {
        match is_x {
            true => Self::X(SessionEnds::default()),
            false => Self::Classic { change_users },
        }
    }

    /// How many of these bytes of the client may pass.
    pub(crate) fn may_pass(&mut self, bytes: &[u8]) -> usize {
        match self {
            Self::Classic { .. } => bytes.len(),
            Self::X(sessions) => sessions.may_pass(bytes),
        }
    }

    /// Whether nothing more may pass, on a connection on which the client has sent so many COM_CHANGE_USER.
    pub(crate) fn is_closed(&self, change_users: u32) -> bool {
        match self {
            Self::Classic {
                change_users: before,
            } => change_users != *before,
            Self::X(sessions) => sessions.is_closed,
        }
    }
}

/// Follows what a client of the X Protocol says up to a message after which it logs in anew.
#[derive(Debug, Default)]
pub(crate) struct SessionEnds {
    frames: Scanner<FrameHeader>,
    /// Type and payload of the message that has begun, as far as it may be one of those.
    message: Vec<u8>,
    is_closed: bool,
}

impl SessionEnds {
    fn may_pass(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !self.is_closed
            && let Some(part) = self.frames.next(&mut rest)
        {
            // Messages that end a session are short, so of longer ones the beginning is enough.
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
            let mut gate = LoginGate::new(true, 0);
            let passed: usize = stream.chunks(cut).map(|part| gate.may_pass(part)).sum();
            let closes = keep_open != Some(true);
            prop_assert_eq!(gate.is_closed(0), closes);
            prop_assert_eq!(passed, if closes { end } else { stream.len() });
        }
    }

    #[test]
    fn a_session_may_be_closed_and_another_begun() {
        let mut gate = LoginGate::new(true, 0);
        let mut bytes = wire(mynah_x::session::Close {});
        bytes.extend(find());
        assert_eq!(gate.may_pass(&bytes), 5);
        assert!(gate.is_closed(0));
    }
    #[test]
    fn a_classic_gate_closes_behind_what_another_login_came_with() {
        let mut gate = LoginGate::new(false, 2);
        assert_eq!(gate.may_pass(b"bytes"), 5);
        assert!(!gate.is_closed(2));
        assert!(gate.is_closed(3));
    }
}
