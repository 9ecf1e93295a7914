//! The messages of fixtures, with compressed ones inflated.

use bytes::{Bytes, BytesMut};
use mynah_testkit::{Direction, Fixture, Line};
use mynah_x::compress::{Algorithm, Decompressor};
use mynah_x::connection::{Capabilities, Compression};
use mynah_x::datatypes::{AnyValue, ScalarValue};
use mynah_x::{ClientMessage, Frame, FrameCodec, Message, ServerMessageType};
use prost::encoding::{decode_varint, encode_varint};
use tokio_util::codec::Decoder;

/// A message of one side.
pub(crate) enum Sent {
    Client(Frame),
    Server(Frame),
}

impl Sent {
    pub(crate) fn frame(&self) -> &Frame {
        match self {
            Self::Client(frame) | Self::Server(frame) => frame,
        }
    }
}

/// All messages of a fixture.
pub(crate) struct Conversation {
    /// In the order on the wire; each compressed message is followed by those inside.
    pub(crate) frames: Vec<Sent>,
    /// The compressed messages, and those inside each.
    pub(crate) compressed: Vec<(Compression, Vec<Frame>)>,
}

impl Conversation {
    /// `has_bytes_behind`: the client has sent bytes after compressed messages on purpose, or
    /// compressed messages that weren't agreed on. Those aren't inflated.
    pub(crate) fn of(fixture: &Fixture, has_bytes_behind: bool) -> Self {
        let mut conversation = Self {
            frames: Vec::new(),
            compressed: Vec::new(),
        };
        let (mut client, mut server) = (None, None);
        for line in &fixture.lines {
            let frame = Frame {
                message_type: line.sequence_id,
                payload: line.payload.clone(),
            };
            if let Some(algorithm) = chosen(line, &frame) {
                client = Some(Decompressor::new(algorithm).unwrap());
                server = Some(Decompressor::new(algorithm).unwrap());
            }
            let (stream, compression) = match line.direction {
                Direction::Client => (&mut client, 46),
                Direction::Server => (&mut server, ServerMessageType::COMPRESSION.0),
            };
            conversation.push(line.direction, frame.clone());
            if frame.message_type == compression {
                let (Ok(message), Some(stream)) =
                    (Compression::from_payload(&frame.payload), stream.as_mut())
                else {
                    let is_on_purpose = has_bytes_behind && line.direction == Direction::Client;
                    assert!(is_on_purpose, "{frame:?}");
                    continue;
                };
                let plain = stream.frames(&message, 1 << 24).unwrap();
                let (mut src, mut inner) = (BytesMut::from(plain), Vec::new());
                while let Some(frame) = FrameCodec::new(1 << 24).decode(&mut src).unwrap() {
                    conversation.push(line.direction, frame.clone());
                    inner.push(frame);
                }
                assert!(src.is_empty());
                conversation.compressed.push((message, inner));
            }
        }
        conversation
    }

    fn push(&mut self, direction: Direction, frame: Frame) {
        self.frames.push(match direction {
            Direction::Client => Sent::Client(frame),
            Direction::Server => Sent::Server(frame),
        });
    }
}

/// The algorithm that a client sets.
fn chosen(line: &Line, frame: &Frame) -> Option<Algorithm> {
    let Direction::Client = line.direction else {
        return None;
    };
    let Ok(ClientMessage::CapabilitiesSet(set)) = ClientMessage::from_frame(frame) else {
        return None;
    };
    algorithm(&set.capabilities)
}

fn algorithm(capabilities: &Capabilities) -> Option<Algorithm> {
    let AnyValue::Object(options) = capabilities.get("compression")?.value()? else {
        return None;
    };
    match options.get("algorithm")?.scalar_value()? {
        ScalarValue::String(name) => Algorithm::from_name(&name.value),
        _ => None,
    }
}

/// The message in its shortest form: each length and size takes as few bytes as possible, and
/// fields are in the order of their numbers. MySQL's server writes some lengths in four or five
/// bytes, where it doesn't know them in advance: in notices, sets and compressed messages.
pub(crate) fn shortest(payload: &Bytes, frame: &Frame) -> Bytes {
    match ServerMessageType(frame.message_type) {
        ServerMessageType::NOTICE
        | ServerMessageType::COMPRESSION
        | ServerMessageType::RESULTSET_ROW => shortened(payload, &[]),
        other => panic!("{other:?}: {frame:?}"),
    }
}

/// The same for the message in a notice of a changed state.
pub(crate) fn shortest_state(payload: &Bytes) -> Bytes {
    shortened(payload, &[2, 9])
}

/// `parts`: the number of the field that is a nested message, at each depth.
fn shortened(mut message: &[u8], parts: &[u64]) -> Bytes {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let mut w = Vec::new();
        let tag = decode_varint(&mut message).unwrap();
        encode_varint(tag, &mut w);
        let number = decode_varint(&mut message).unwrap();
        if tag & 7 != 2 {
            encode_varint(number, &mut w);
            fields.push((tag, w));
            continue;
        }
        let (value, rest) = message.split_at(usize::try_from(number).unwrap());
        message = rest;
        let value = match parts {
            [part, below @ ..] if tag >> 3 == *part => shortened(value, below),
            _ => Bytes::copy_from_slice(value),
        };
        encode_varint(value.len() as u64, &mut w);
        w.extend_from_slice(&value);
        fields.push((tag, w));
    }
    // In a compressed message the type precedes the size.
    fields.sort_by_key(|(tag, _)| *tag >> 3);
    let fields = fields.into_iter().map(|(_, field)| field);
    fields.collect::<Vec<_>>().concat().into()
}
