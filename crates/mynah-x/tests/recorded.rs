//! Messages recorded from a real server are read, and written as the same bytes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Debug;

use bytes::{Bytes, BytesMut};
use mynah_testkit::{Direction, Fixture, check_json, fixtures};
use mynah_x::Message;
use mynah_x::connection::Compression;
use mynah_x::field::Cell;
use mynah_x::notice::{ServerHello, SessionStateChanged, Warning};
use mynah_x::resultset::{ColumnMetaData, FieldType};
use mynah_x::{
    ClientMessage, ClientMessageType, Frame, FrameCodec, ServerMessage, ServerMessageType,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use support::{Conversation, Sent, shortest, shortest_state};
use tokio_util::codec::Decoder;

fn conversations() -> Vec<(String, Fixture, Conversation)> {
    let all = fixtures("x").unwrap();
    assert!(all.len() >= 30, "{} fixtures", all.len());
    let read = |(file, fixture): (std::path::PathBuf, Fixture)| {
        let name = file.display().to_string();
        let conversation = Conversation::of(&fixture, name.contains("/behind-compression-"));
        (name, fixture, conversation)
    };
    all.into_iter().map(read).collect()
}

#[test]
fn every_message_is_written_as_it_was_read() {
    for (name, _, conversation) in conversations() {
        // Recordings with bytes after a message, which aren't written again.
        if name.contains("/behind-") && !name.ends_with("-0.hex") {
            continue;
        }
        for frame in &conversation.frames {
            let mut w = BytesMut::new();
            match frame {
                Sent::Client(frame) => match ClientMessage::from_frame(frame) {
                    Ok(message) => {
                        check_json(&message);
                        message.put(&mut w);
                    }
                    Err(error) => {
                        assert!(is_meant_to_be_wrong(&name, frame), "{name}: {error}");
                        continue;
                    }
                },
                Sent::Server(frame) => {
                    let message = ServerMessage::from_frame(frame)
                        .unwrap_or_else(|error| panic!("{name}: {error}: {frame:?}"));
                    check_json(&message);
                    message.put(&mut w);
                }
            }
            let again = FrameCodec::new(usize::MAX).decode(&mut w).unwrap().unwrap();
            let frame = frame.frame();
            assert_eq!(again.message_type, frame.message_type);
            // MySQL's server writes some lengths in more bytes than they need.
            if again.payload != frame.payload {
                assert_eq!(
                    again.payload,
                    shortest(&frame.payload, frame),
                    "{name}: {frame:?}"
                );
            }
        }
    }
}

#[test]
fn messages_in_notices_are_written_as_they_were_read() {
    let mut types = BTreeSet::new();
    for (name, _, conversation) in conversations() {
        for sent in &conversation.frames {
            let Sent::Server(frame) = sent else { continue };
            let Ok(ServerMessage::Notice(notice)) = ServerMessage::from_frame(frame) else {
                continue;
            };
            let payload = notice.payload.unwrap();
            let again = match notice.r#type {
                1 => again::<Warning>(&payload),
                3 => again::<SessionStateChanged>(&payload),
                5 => again::<ServerHello>(&payload),
                other => panic!("{name}: {other}"),
            };
            types.insert(notice.r#type);
            if again != payload {
                assert_eq!(again, shortest_state(&payload), "{name}");
            }
        }
    }
    assert_eq!(types, BTreeSet::from([1, 3, 5]));
}

/// Reads a message, and writes it.
fn again<M: Message + Debug + PartialEq + Serialize + DeserializeOwned>(payload: &Bytes) -> Bytes {
    let message = M::from_payload(payload).unwrap();
    check_json(&message);
    message.to_payload()
}

/// Invalid messages that `record/x_messages.py` sends on purpose.
fn is_meant_to_be_wrong(name: &str, frame: &Frame) -> bool {
    frame.message_type == 99
        || frame.payload == b"\xff"[..]
        || (name.ends_with("prepared.hex") && frame.payload.len() < 12)
}

#[test]
fn every_cell_is_written_as_it_was_read() {
    let mut types = BTreeSet::new();
    for (name, _, conversation) in conversations() {
        let mut columns: Vec<ColumnMetaData> = Vec::new();
        let mut rows_seen = true;
        for sent in &conversation.frames {
            let Sent::Server(frame) = sent else { continue };
            match ServerMessage::from_frame(frame).unwrap() {
                ServerMessage::ColumnMetaData(column) => {
                    if std::mem::take(&mut rows_seen) {
                        columns.clear();
                    }
                    columns.push(column);
                }
                ServerMessage::Row(row) => {
                    rows_seen = true;
                    assert_eq!(row.field.len() % columns.len(), 0, "{name}");
                    for (cell, column) in row.field.iter().zip(&columns) {
                        let field_type = column.field_type().unwrap();
                        let value = Cell::from_field(cell, field_type)
                            .unwrap_or_else(|error| panic!("{name}: {error}: {cell:?}"));
                        let mut again = BytesMut::new();
                        value.put(&mut again);
                        assert_eq!(again, cell, "{name}: {value:?}");
                        if value != Cell::Null {
                            types.insert(field_type);
                        }
                    }
                }
                ServerMessage::Compression(_) => {}
                _ => rows_seen = true,
            }
        }
    }
    let all = [
        FieldType::Sint,
        FieldType::Uint,
        FieldType::Double,
        FieldType::Float,
        FieldType::Bytes,
        FieldType::Time,
        FieldType::Datetime,
        FieldType::Set,
        FieldType::Enum,
        FieldType::Bit,
        FieldType::Decimal,
    ];
    assert_eq!(types, BTreeSet::from(all));
}

#[test]
fn every_message_was_recorded() {
    let (mut client, mut server) = (BTreeSet::new(), BTreeSet::new());
    for (_, fixture, conversation) in conversations() {
        for line in &fixture.lines {
            match line.direction {
                Direction::Client => client.insert(line.sequence_id),
                Direction::Server => server.insert(line.sequence_id),
            };
        }
        for sent in &conversation.frames {
            match sent {
                Sent::Client(frame) => client.insert(frame.message_type),
                Sent::Server(frame) => server.insert(frame.message_type),
            };
        }
    }
    for message_type in ClientMessageType::ALL {
        assert!(client.contains(&message_type.0), "{message_type:?}");
    }
    for message_type in ServerMessageType::ALL {
        // Only sent by very old servers, or by those with output parameters.
        if *message_type != ServerMessageType::RESULTSET_FETCH_DONE_MORE_OUT_PARAMS {
            assert!(server.contains(&message_type.0), "{message_type:?}");
        }
    }
}

#[test]
fn no_prefix_of_a_message_causes_a_panic() {
    for (_, _, conversation) in conversations() {
        for sent in &conversation.frames {
            let frame = sent.frame();
            for cut in 0..frame.payload.len().min(300) {
                let cut = Frame {
                    message_type: frame.message_type,
                    payload: frame.payload.slice(..cut),
                };
                match sent {
                    Sent::Client(_) => drop(ClientMessage::from_frame(&cut)),
                    Sent::Server(_) => drop(ServerMessage::from_frame(&cut)),
                }
            }
        }
    }
}

#[test]
fn compressed_messages_state_the_type_inside() {
    let mut seen = BTreeSet::new();
    for (name, _, conversation) in conversations() {
        for (message, inner) in &conversation.compressed {
            let Compression {
                server_messages,
                client_messages,
                uncompressed_size,
                ..
            } = message;
            let len: usize = inner.iter().map(|frame| frame.payload.len() + 5).sum();
            assert_eq!(*uncompressed_size, Some(len as u64), "{name}");
            if let Some(message_type) = server_messages.or(*client_messages) {
                let all = inner.iter().map(|frame| i32::from(frame.message_type));
                assert!(all.clone().all(|each| each == message_type), "{name}");
                seen.insert(all.count() > 1);
            }
        }
    }
    // Messages with one message inside, and with several.
    assert_eq!(seen, BTreeSet::from([false, true]));
}
