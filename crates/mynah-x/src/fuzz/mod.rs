//! The bodies of the fuzz targets. Each panics when its assertion doesn't hold.

use std::fmt::Debug;

use bytes::{Bytes, BytesMut};
use tokio_util::codec::Decoder;

use crate::compress::{Algorithm, Compressor, Decompressor};
use crate::connection::Compression;
use crate::field::Cell;
use crate::notice;
use crate::resultset::FieldType;
use crate::{ClientMessage, Frame, FrameCodec, Message, MessageError, ServerMessage};

/// Fuzz target: reads a client's message, from its type and payload, and panics if it isn't written and read as the
/// same.
pub fn client_message(data: &[u8]) {
    again(data, ClientMessage::from_frame, ClientMessage::put);
}

/// Fuzz target: reads a server's message, from its type and payload, and the message in a notice, and panics if
/// they aren't written and read as the same.
pub fn server_message(data: &[u8]) {
    let message = again(data, ServerMessage::from_frame, ServerMessage::put);
    let Some(ServerMessage::Notice(frame)) = message else {
        return;
    };
    let payload = frame.payload.unwrap_or_default();
    part::<notice::Warning>(&payload);
    part::<notice::SessionVariableChanged>(&payload);
    part::<notice::SessionStateChanged>(&payload);
    part::<notice::GroupReplicationStateChanged>(&payload);
}

/// Fuzz target: panics unless a stream is split into the same frames, whatever pieces it arrives in.
pub fn frames(data: &[u8]) {
    let limit = 1000;
    let read = |step: usize| {
        let (mut codec, mut src) = (FrameCodec::new(limit), BytesMut::new());
        let mut frames = Vec::new();
        for piece in data.chunks(step) {
            src.extend_from_slice(piece);
            loop {
                match codec.decode(&mut src) {
                    Ok(Some(frame)) => frames.push(frame),
                    Ok(None) => break,
                    Err(_) => return (frames, true),
                }
            }
        }
        (frames, false)
    };
    let whole = read(usize::MAX);
    assert_eq!(read(1), whole);
    assert_eq!(read(7), whole);
}

/// Fuzz target: reads a cell after a byte for the column type, and panics if it isn't written and read as the same.
pub fn cell(data: &[u8]) {
    let Some((field_type, field)) = data.split_first() else {
        return;
    };
    let Ok(field_type) = FieldType::try_from(i32::from(*field_type)) else {
        return;
    };
    let Ok(cell) = Cell::from_field(field, field_type) else {
        return;
    };
    let mut w = BytesMut::new();
    cell.put(&mut w);
    let again = Cell::from_field(&w, field_type);
    // Compared as text, since NaN isn't equal to itself.
    assert_eq!(format!("{again:?}"), format!("Ok({cell:?})"));
    assert!(w.len() <= field.len(), "{cell:?}");
    match cell {
        Cell::Decimal(decimal) => assert!(!decimal.to_string().is_empty()),
        Cell::Time(time) => assert!(!time.to_string().is_empty()),
        Cell::DateTime(moment) => assert!(!moment.to_string().is_empty()),
        Cell::Set(set) => assert!(set.iter().count() <= field.len()),
        _ => {}
    }
}

/// Fuzz target: decompresses a payload after a byte for the algorithm and the stated length in two bytes, and
/// panics if the result has another length. Then compresses the same bytes, as frames, and panics if they aren't
/// decompressed as the same.
pub fn compression(data: &[u8]) {
    let Some(([algorithm, a, b], payload)) = data.split_first_chunk() else {
        return;
    };
    let [deflate, lz4, zstd] = Algorithm::ALL;
    let algorithm = match algorithm % 3 {
        0 => deflate,
        1 => lz4,
        _ => zstd,
    };
    let said = u16::from_le_bytes([*a, *b]);
    let message = Compression {
        uncompressed_size: Some(said.into()),
        payload: Bytes::copy_from_slice(payload),
        ..Compression::default()
    };
    let frames = Decompressor::new(algorithm).map(|mut it| it.frames(&message, 60_000));
    if let Ok(Ok(frames)) = frames {
        assert_eq!(frames.len(), usize::from(said));
    }
    let (Ok(mut there), Ok(mut back)) = (
        Compressor::new(algorithm, algorithm.levels().1),
        Decompressor::new(algorithm),
    ) else {
        return;
    };
    // Twice, as a stream continues.
    for _ in 0..2 {
        let message = there.server_message(payload);
        let frames = message.map(|message| back.frames(&message, payload.len()));
        assert!(matches!(frames, Ok(Ok(frames)) if frames == payload));
    }
}

fn again<M: PartialEq + Debug>(
    data: &[u8],
    read: fn(&Frame) -> Result<M, MessageError>,
    put: fn(&M, &mut BytesMut),
) -> Option<M> {
    let (message_type, payload) = data.split_first()?;
    let frame = Frame {
        message_type: *message_type,
        payload: Bytes::copy_from_slice(payload),
    };
    let message = read(&frame).ok()?;
    let mut w = BytesMut::new();
    put(&message, &mut w);
    let frame = FrameCodec::new(usize::MAX).decode(&mut w).ok()??;
    let again = read(&frame);
    // Compared as text, since NaN isn't equal to itself.
    assert_eq!(format!("{again:?}"), format!("Ok({message:?})"));
    Some(message)
}

fn part<M: Message + Debug>(payload: &Bytes) {
    if let Ok(message) = M::from_payload(payload) {
        let again = M::from_payload(&message.to_payload());
        assert_eq!(format!("{again:?}"), format!("Ok({message:?})"));
    }
}
