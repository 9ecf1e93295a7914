//! The basic types, both ways, against the documentation's boundaries.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{
    DecodeError, DecodeErrorKind, EncodeErrorKind, Reader, Writer, lenenc_int_len,
    lenenc_string_len,
};
use proptest::collection::vec;
use proptest::prelude::*;

const LENENC_INTS: &[(&str, u64, &[u8])] = &[
    ("zero", 0, &[0]),
    ("largest of one byte", 0xfa, &[0xfa]),
    ("smallest of three", 0xfb, &[0xfc, 0xfb, 0]),
    (
        "a first byte that would be an error",
        0xff,
        &[0xfc, 0xff, 0],
    ),
    ("largest of three", 0xffff, &[0xfc, 0xff, 0xff]),
    ("smallest of four", 0x1_0000, &[0xfd, 0, 0, 1]),
    ("largest of four", 0xff_ffff, &[0xfd, 0xff, 0xff, 0xff]),
    (
        "smallest of nine",
        0x100_0000,
        &[0xfe, 0, 0, 0, 1, 0, 0, 0, 0],
    ),
    (
        "largest of nine",
        u64::MAX,
        &[0xfe, 255, 255, 255, 255, 255, 255, 255, 255],
    ),
];

#[test]
fn length_encoded_integers_take_the_width_their_value_needs() {
    for (name, value, wire) in LENENC_INTS {
        let mut written = BytesMut::new();
        written.put_lenenc_int(*value);
        assert_eq!(&written[..], *wire, "{name}");
        assert_eq!(lenenc_int_len(*value), wire.len(), "{name}");
        let payload = Bytes::from_static(wire);
        assert_eq!(Reader::new(&payload).lenenc_int(name), Ok(*value), "{name}");
    }
}

#[test]
fn a_length_encoded_integer_cut_short_says_what_is_missing() {
    for (name, _, wire) in LENENC_INTS {
        for cut in 0..wire.len() {
            let payload = Bytes::from_static(&wire[..cut]);
            let error = Reader::new(&payload).lenenc_int(name).unwrap_err();
            let (needed, left) = (if cut == 0 { 1 } else { wire.len() }, cut);
            assert_eq!(
                error.kind,
                DecodeErrorKind::Truncated { needed, left },
                "{name}"
            );
        }
    }
}

#[test]
fn null_and_error_bytes_start_no_integer() {
    for found in [0xfb, 0xff] {
        let payload = Bytes::from(vec![found, 1, 2, 3]);
        let found = u64::from(found);
        let error = Reader::new(&payload).lenenc_int("affected_rows");
        assert_eq!(
            error,
            Err(DecodeError {
                field: "affected_rows",
                offset: 0,
                kind: DecodeErrorKind::Unexpected { found },
            })
        );
    }
}

#[test]
fn a_length_beyond_all_memory_is_an_error_and_allocates_nothing() {
    let payload = Bytes::from_static(&[0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    let error = Reader::new(&payload).lenenc_string("info").unwrap_err();
    assert!(
        matches!(error.kind, DecodeErrorKind::Truncated { .. }),
        "{error}"
    );
}

#[test]
fn an_error_states_the_field_the_offset_and_what_is_missing() {
    let payload = Bytes::from_static(&[1, 2, 3, 4, 5, 6]);
    let mut reader = Reader::new(&payload);
    reader.skip("filler", 5).unwrap();
    let error = reader.u16("num_columns").unwrap_err();
    assert_eq!(
        error.to_string(),
        "num_columns at byte 5: needs 2 bytes, 1 left"
    );
    let error = reader.nul_string("schema").unwrap_err();
    assert_eq!(
        error.to_string(),
        "schema at byte 5: no closing NUL in the 1 bytes left"
    );
    let error = reader.expect("protocol_version", 10).unwrap_err();
    assert_eq!(
        error.to_string(),
        "protocol_version at byte 5: unexpected value 0x06"
    );
    let error = reader.finish("COM_PING").unwrap_err();
    assert_eq!(error.to_string(), "COM_PING at byte 5: 1 bytes left over");
}

#[test]
fn strings_are_slices_of_the_payload() {
    let payload = Bytes::from_static(b"\x03abcdef\0gh");
    let mut reader = Reader::new(&payload);
    let first = reader.lenenc_string("name").unwrap();
    assert_eq!(first.as_ptr(), payload[1..].as_ptr());
    assert_eq!(reader.nul_string("schema").unwrap(), "def");
    assert_eq!(reader.string("two", 1).unwrap(), "g");
    assert_eq!(reader.rest_string(), "h");
    assert_eq!(reader.finish("all"), Ok(()));
}

#[test]
fn a_string_that_cannot_be_written_is_refused() {
    let mut w = BytesMut::new();
    let error = w.put_nul_string("user_name", b"a\0b").unwrap_err();
    assert_eq!(error.kind, EncodeErrorKind::InnerNul { at: 1 });
    let error = w.put_u8_string("auth_response", &[0; 256]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "auth_response: is 256 bytes long, and at most 255 fit"
    );
    assert!(w.is_empty());
}

#[test]
fn numbers_of_every_width_come_back() {
    let mut w = BytesMut::new();
    w.put_u24("u24", 0xff_fffe).unwrap();
    w.put_u48("u48", 0xffff_ffff_fffd).unwrap();
    w.put_i8(-1);
    w.put_i16_le(-2);
    w.put_i32_le(-3);
    w.put_i64_le(i64::MIN);
    w.put_f32_le(-0.5);
    w.put_f64_le(f64::MAX);
    w.put_lenenc_signed_int(-1);
    w.put_lenenc_signed_int(250);
    w.put_lenenc_int_or_null(None);
    w.put_lenenc_int_or_null(Some(251));

    let payload = w.freeze();
    let mut r = Reader::new(&payload);
    assert_eq!(r.u24("u24"), Ok(0xff_fffe));
    assert_eq!(r.u48("u48"), Ok(0xffff_ffff_fffd));
    assert_eq!(r.i8("i8"), Ok(-1));
    assert_eq!(r.i16("i16"), Ok(-2));
    assert_eq!(r.i32("i32"), Ok(-3));
    assert_eq!(r.i64("i64"), Ok(i64::MIN));
    assert_eq!(r.f32("f32"), Ok(-0.5));
    assert_eq!(r.f64("f64"), Ok(f64::MAX));
    assert_eq!(r.lenenc_signed_int("signed"), Ok(-1));
    assert_eq!(r.lenenc_signed_int("signed"), Ok(250));
    assert_eq!(r.lenenc_int_or_null("null"), Ok(None));
    assert_eq!(r.lenenc_int_or_null("null"), Ok(Some(251)));
    assert_eq!(r.finish("all"), Ok(()));
}

#[test]
fn a_number_too_wide_for_its_place_is_refused() {
    let mut w = BytesMut::new();
    let error = w.put_u24("max_packet_size", 0x100_0000).unwrap_err();
    assert_eq!(
        error.to_string(),
        "max_packet_size: is 16777216, and at most 16777215 fits"
    );
    assert!(w.put_u48("position", 1 << 48).is_err());
    assert!(w.is_empty());
}

#[test]
fn strings_are_borrowed_shared_and_peeked_at() {
    let payload = Bytes::from_static(b"\x02ab\x01cxyz\0de\0rest");
    let mut r = Reader::new(&payload);
    assert_eq!(r.peek_array(), Some(*b"\x02ab"));
    assert_eq!(r.peek_array::<99>(), None);
    assert_eq!(r.u8_string("first").unwrap(), "ab");
    assert_eq!(r.u8_bytes("second").unwrap(), b"c");
    assert_eq!(r.bytes("two", 2).unwrap(), b"xy");
    assert_eq!(r.nul_bytes("z").unwrap(), b"z");
    assert_eq!(r.nul_or_rest_string(), "de");
    assert_eq!(r.unread(), b"rest");
    assert!(!r.is_empty());
    let mut other = r.clone();
    assert_eq!(r.nul_or_rest_string(), "rest");
    assert_eq!(other.rest_bytes(), b"rest");
    assert!(r.is_empty() && other.is_empty());
    assert_eq!(r.nul_or_rest_string(), "");
    let error = r.u8_string("none").unwrap_err();
    let (needed, left) = (1, 0);
    assert_eq!(error.kind, DecodeErrorKind::Truncated { needed, left });
}

#[test]
fn a_reader_of_a_part_ends_with_the_part_and_counts_offsets_from_the_whole() {
    let payload = Bytes::from_static(b"\x05\x03abc\x09def");
    let mut r = Reader::new(&payload);
    let mut part = r.lenenc_sub_reader("attributes").unwrap();
    assert_eq!(part.lenenc_string("key").unwrap(), "abc");
    let error = part.lenenc_bytes("value").unwrap_err();
    let (needed, left) = (10, 1);
    assert_eq!(error.offset, 5);
    assert_eq!(error.kind, DecodeErrorKind::Truncated { needed, left });
    assert_eq!(r.offset(), 6);
    let mut part = r.sub_reader("two", 2).unwrap();
    assert_eq!((part.offset(), part.remaining()), (6, 2));
    assert_eq!(part.rest_string(), "de");
    assert_eq!(r.rest_string(), "f");
    assert!(r.sub_reader("none", 1).is_err());
}

#[test]
fn a_string_whose_length_is_known_afterwards_is_written_as_any_other() {
    for len in [0, 1, 250, 251, 0xffff, 0x1_0000] {
        let string = vec![b'x'; len];
        let (mut before, mut after) = (BytesMut::from("a"), BytesMut::from("a"));
        before.put_lenenc_string(&string);
        let written = after.put_lenenc_with(|w| {
            w.put_slice(&string);
            Ok::<(), EncodeErrorKind>(())
        });
        assert_eq!(written, Ok(()));
        assert_eq!(before, after, "{len} bytes");
        assert_eq!(after.len(), 1 + lenenc_string_len(len), "{len} bytes");
    }
    let mut w = BytesMut::from("a");
    let failed = w.put_lenenc_with(|w| {
        w.put_u8(1);
        Err("no")
    });
    assert_eq!((failed, &w[..]), (Err("no"), &b"a"[..]));
}

proptest! {
    #[test]
    fn strings_of_every_kind_come_back(
        cells in vec(prop::option::of(vec(any::<u8>(), 0..400)), 0..8),
        text in "[^\0]{0,40}",
        number in any::<u64>(),
    ) {
        let mut w = BytesMut::new();
        for cell in &cells {
            match cell {
                Some(cell) => w.put_lenenc_string(cell),
                None => w.put_null(),
            }
        }
        w.put_nul_string("text", text.as_bytes()).unwrap();
        w.put_u8_string("text", text.as_bytes()).unwrap();
        w.put_lenenc_int(number);

        let payload = w.freeze();
        let mut r = Reader::new(&payload);
        for cell in &cells {
            prop_assert_eq!(r.lenenc_string_or_null("cell").unwrap(), cell.as_deref());
        }
        prop_assert_eq!(r.nul_string("text").unwrap(), text.as_bytes());
        let len = r.u8("length").unwrap();
        prop_assert_eq!(r.string("text", len.into()).unwrap(), text.as_bytes());
        prop_assert_eq!(r.lenenc_int("number").unwrap(), number);
        prop_assert_eq!(r.finish("all"), Ok(()));
    }
}
