//! Makes a message of the beginning of one.

use prost::encoding::{decode_varint, encode_varint};

use crate::shape::{FIXED32, FIXED64, LENGTH_DELIMITED, MAX_DEPTH, Shape, VARINT};

/// The payload of a message that has the fields that are whole in `beginning`, and of the field in which it is cut off
/// what is there. `None` if a required field is missing.
pub(crate) fn completed(beginning: &[u8], shape: &Shape) -> Option<Vec<u8>> {
    message(beginning, shape, 0)
}

/// The fields of a message, at this depth of the whole.
fn message(beginning: &[u8], shape: &Shape, depth: usize) -> Option<Vec<u8>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut missing = shape.required.to_vec();
    let mut payload = Vec::new();
    let mut rest = beginning;
    while let Some(field) = Field::take(&mut rest) {
        let number = match field {
            Field::Whole(number, bytes) => {
                payload.extend_from_slice(bytes);
                number
            }
            Field::Cut(number, value) => {
                let part = shape.parts.iter().find(|part| part.0 == number);
                let value = match part {
                    Some((_, shape)) => message(value, shape, depth + 1),
                    None => Some(without_cut_character(value).to_vec()),
                };
                let Some(value) = value else { break };
                encode_varint(u64::from(number) << 3 | LENGTH_DELIMITED, &mut payload);
                encode_varint(value.len() as u64, &mut payload);
                payload.extend(value);
                number
            }
        };
        missing.retain(|required| *required != number);
    }
    missing.is_empty().then_some(payload)
}

/// A field, and its number.
enum Field<'a> {
    /// All bytes of it, with its tag.
    Whole(u32, &'a [u8]),
    /// What is there of its value, which is a string or a message.
    Cut(u32, &'a [u8]),
}

impl<'a> Field<'a> {
    /// The next field; `None` at the end, where too little of a field is there, and where the bytes are no field.
    fn take(rest: &mut &'a [u8]) -> Option<Self> {
        let all = *rest;
        let mut after = all;
        let tag = decode_varint(&mut after).ok()?;
        let number = u32::try_from(tag >> 3).ok()?;
        after = match tag & 7 {
            VARINT => {
                decode_varint(&mut after).ok()?;
                after
            }
            FIXED64 => after.get(8..)?,
            FIXED32 => after.get(4..)?,
            LENGTH_DELIMITED => {
                let len = usize::try_from(decode_varint(&mut after).ok()?).ok()?;
                match after.get(len..) {
                    Some(behind) => behind,
                    None => {
                        *rest = &[];
                        return Some(Self::Cut(number, after));
                    }
                }
            }
            _ => return None,
        };
        *rest = after;
        let bytes = all.get(..all.len() - after.len())?;
        Some(Self::Whole(number, bytes))
    }
}

/// Bytes without the part of a UTF-8 character at their end.
fn without_cut_character(bytes: &[u8]) -> &[u8] {
    match str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or(bytes)
        }
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::crud::{Collection, Insert};
    use crate::datatypes::Scalar;
    use crate::prepare::{OneOfMessage, Prepare};
    use crate::sql::StmtExecute;
    use crate::{ClientMessage, ClientMessageType, Frame, Message};

    fn prepare() -> Prepare {
        let execute = StmtExecute {
            stmt: "select 'é', ?".into(),
            args: vec![Scalar::uint(7).into(), Scalar::string("more").into()],
            ..StmtExecute::default()
        };
        Prepare {
            stmt_id: 300,
            stmt: OneOfMessage {
                r#type: 5,
                stmt_execute: Some(Box::new(execute)),
                ..OneOfMessage::default()
            },
        }
    }

    #[test]
    fn a_message_cut_anywhere_has_what_is_there_of_it() {
        let whole = prepare();
        let payload = whole.to_payload();
        let text = "select 'é', ?";
        let mut longest = 0;
        for len in 0..=payload.len() {
            let Ok(beginning) = Prepare::from_beginning(&payload.slice(..len)) else {
                // Too little: the number, the type of the statement, or the beginning of its text is missing.
                assert!(len < 10, "{len}");
                continue;
            };
            assert_eq!(beginning.stmt_id, 300, "{len}");
            let Some(execute) = beginning.stmt.stmt_execute else {
                assert_eq!(longest, 0, "{len}");
                continue;
            };
            let stmt = str::from_utf8(&execute.stmt).unwrap();
            assert!(text.starts_with(stmt), "{len}: {stmt}");
            assert!(stmt.len() >= longest, "{len}: {stmt}");
            longest = stmt.len();
        }
        assert_eq!(longest, text.len());
        assert_eq!(Prepare::from_beginning(&payload).unwrap(), whole);
    }

    #[test]
    fn a_frame_of_a_cut_message_is_read_by_its_type() {
        let insert = Insert {
            collection: Collection {
                name: "t".to_owned(),
                schema: Some("shop".to_owned()),
            },
            ..Insert::default()
        };
        let mut payload = insert.to_payload().to_vec();
        // A row of 1000 bytes that hasn't come yet.
        payload.extend_from_slice(b"\x22\xe8\x07\x0a");
        let frame = Frame {
            message_type: ClientMessageType::CRUD_INSERT.0,
            payload: Bytes::from(payload),
        };
        assert!(ClientMessage::from_frame(&frame).is_err());
        let message = ClientMessage::from_beginning(&frame).unwrap();
        let ClientMessage::Insert(read) = message else {
            panic!("{message:?}");
        };
        assert_eq!(read.collection, insert.collection);
    }

    #[test]
    fn what_is_no_message_from_the_start_is_an_error() {
        for payload in [&b""[..], b"\xff", b"\x0b", b"\x0a"] {
            let read = StmtExecute::from_beginning(&Bytes::from_static(payload));
            assert!(read.is_err(), "{payload:?}: {read:?}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_left_out() {
        let mut payload = b"\x0a\x02do\x12\xff\x7f".to_vec();
        // A list in a list, far deeper than servers read.
        payload.extend(b"\x08\x03\x22\xff\x7f\x0a\xff\x7f".repeat(1000));
        let read = StmtExecute::from_beginning(&payload.into()).unwrap();
        assert_eq!((&read.stmt[..], read.args.len()), (&b"do"[..], 1));
    }
}
