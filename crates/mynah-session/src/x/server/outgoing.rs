//! The session's output, compressed or not.

use bytes::BytesMut;
use mynah_wire::Header;
use mynah_x::compress::Compressor;
use mynah_x::datatypes::Scalar;
use mynah_x::notice::{Frame as Notice, FrameType, Parameter, SessionStateChanged};
use mynah_x::status::{Error, Ok as XOk, Severity};
use mynah_x::{FrameHeader, ServerMessage, ServerMessageType, put_frame};

use super::compression::Wanted;
use super::failures;
use crate::{Failure, RawPacket, SessionError};

/// Messages on their way out. Those of results are held back while they may be compressed together.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    pub(super) output: BytesMut,
    held: BytesMut,
    compression: Option<(Wanted, Compressor)>,
}

/// How much there was at some time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    output: usize,
    held: usize,
}

impl Outgoing {
    /// Compresses from now on.
    pub(super) fn compress(&mut self, wanted: Wanted) -> Result<(), SessionError> {
        let compressor = wanted.compressor().map_err(|_| SessionError::Compression)?;
        self.compression = Some((wanted, compressor));
        Ok(())
    }

    /// A message that is never compressed, behind all that were sent before.
    pub(super) fn send(&mut self, message: impl Into<ServerMessage>) {
        message.into().put(&mut self.output);
    }

    /// A message that may be compressed, by what writes its payload.
    pub(super) fn put(&mut self, message_type: ServerMessageType, put: impl FnOnce(&mut BytesMut)) {
        let to = match self.compression {
            Some(_) => &mut self.held,
            None => &mut self.output,
        };
        put_frame(to, message_type.0, put);
    }

    /// A message that may be compressed.
    pub(super) fn result(&mut self, message: impl Into<ServerMessage>) {
        let to = match self.compression {
            Some(_) => &mut self.held,
            None => &mut self.output,
        };
        message.into().put(to);
    }

    pub(super) fn notice(&mut self, notice: &Notice) {
        self.result(notice.clone());
    }

    /// A notice of something in the session.
    pub(super) fn state_changed(&mut self, param: Parameter, value: Vec<Scalar>) {
        let changed = SessionStateChanged {
            param: param.into(),
            value,
        };
        self.result(Notice::local(FrameType::SessionStateChanged, &changed));
    }

    pub(super) fn ok(&mut self, msg: Option<&str>) {
        self.send(XOk {
            msg: msg.map(str::to_owned),
        });
    }

    pub(super) fn error(&mut self, failure: &Failure, severity: Severity) {
        self.send(Error {
            severity: Some(severity.into()),
            code: failure.code.into(),
            msg: String::from_utf8_lossy(&failure.message).into_owned(),
            sql_state: String::from_utf8_lossy(&failure.sql_state.0).into_owned(),
        });
    }

    /// Messages as they are, behind all that were sent before.
    ///
    /// # Errors
    /// Why one can't be sent; those in front of it are.
    pub(super) fn raw(&mut self, packets: &[RawPacket]) -> Result<(), Failure> {
        for packet in packets {
            match packet {
                RawPacket::Message {
                    message_type,
                    payload,
                } => put_frame(&mut self.output, *message_type, |w| {
                    w.extend_from_slice(payload)
                }),
                RawPacket::Bytes(bytes) => self.output.extend_from_slice(bytes),
                RawPacket::Packet { .. } => {
                    return Err(failures::not_in_x("a packet without a type"));
                }
            }
        }
        Ok(())
    }

    /// How much there is that isn't sent, or not even compressed.
    pub(super) fn len(&self) -> usize {
        self.output.len() + self.held.len()
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            output: self.output.len(),
            held: self.held.len(),
        }
    }

    /// Takes back what was written since, which nothing has sent or compressed yet.
    pub(super) fn take_back(&mut self, mark: Mark) {
        self.output.truncate(mark.output);
        self.held.truncate(mark.held);
    }

    /// Compresses what is held back.
    pub(super) fn seal(&mut self) -> Result<(), SessionError> {
        let Some((wanted, compressor)) = &mut self.compression else {
            return Ok(());
        };
        let mut rest = self.held.split();
        while !rest.is_empty() {
            let piece = rest.split_to(group(&rest, *wanted));
            let message = compressor
                .server_message(&piece)
                .map_err(|_| SessionError::Compression)?;
            ServerMessage::from(message).put(&mut self.output);
        }
        Ok(())
    }
}

/// How many bytes of these frames are compressed into one message.
fn group(frames: &[u8], wanted: Wanted) -> usize {
    let (mut rest, mut count, mut first) = (frames, 0, None);
    let mut taken = 0;
    while let Some((_, frame)) = FrameHeader::cut(&mut rest) {
        let message_type = frame.first();
        let first = *first.get_or_insert(message_type);
        let fits = count < wanted.max_combine
            && (wanted.combine_mixed || first == message_type)
            && taken < LARGEST;
        if !fits {
            break;
        }
        taken = frames.len() - rest.len();
        count += 1;
    }
    // What isn't framed can't be here, and must not be waited for.
    if taken == 0 { frames.len() } else { taken }
}

/// How many bytes are enough for one compressed message.
const LARGEST: usize = 256 * 1024;
