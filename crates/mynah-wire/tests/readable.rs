//! The forms that bytes, floating-point numbers and packets have in JSON.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fmt::Debug;

use bytes::Bytes;
use mynah_testkit::check_json;
use mynah_wire::compress::{self, Algorithm};
use mynah_wire::readable::{Float, Hex, Text, float, hex, text};
use mynah_wire::{Packet, PacketHeader, PacketSlice};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Fields {
    #[serde(with = "text")]
    text: Bytes,
    #[serde(with = "hex")]
    hex: Bytes,
    #[serde(with = "text")]
    optional: Option<Bytes>,
    #[serde(with = "hex")]
    several: Vec<Bytes>,
    #[serde(with = "text")]
    array: [u8; 2],
    #[serde(with = "float")]
    number: Option<f64>,
}

fn is_written_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, want: &Json) {
    assert_eq!(&serde_json::to_value(value).unwrap(), want);
    check_json(value);
}

fn bytes() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        vec(any::<u8>(), 0..40).prop_map(Bytes::from),
        any::<String>().prop_map(Bytes::from),
    ]
}

proptest! {
    #[test]
    fn all_fields_come_back(
        text in bytes(),
        hex in bytes(),
        optional in option::of(bytes()),
        several in vec(bytes(), 0..4),
        array: [u8; 2],
        number in option::of(any::<f64>().prop_filter("NaN isn't equal to itself", |n| !n.is_nan())),
    ) {
        let fields = Fields { text, hex, optional, several, array, number };
        check_json(&fields);
        let postcard = postcard::to_stdvec(&fields).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Fields>(&postcard).unwrap(), fields);
    }

    #[test]
    fn numbers_of_four_bytes_come_back(number in any::<f32>()) {
        prop_assume!(!number.is_nan());
        check_json(&Float(number));
    }
}

#[test]
fn text_is_a_string_and_other_bytes_are_hexadecimal() {
    for (bytes, want) in [
        (&b"select 1"[..], json!("select 1")),
        ("ü\r\n\t".as_bytes(), json!("ü\r\n\t")),
        (b"", json!("")),
        (b"\xff\x00", json!({"hex": "ff00"})),
        (b"a\0", json!({"hex": "6100"})),
        (b"\x1b[2J", json!({"hex": "1b5b324a"})),
        ("\u{85}".as_bytes(), json!({"hex": "c285"})),
    ] {
        is_written_as(&Text(Bytes::from_static(bytes)), &want);
    }
    is_written_as(&Hex(Bytes::from("a")), &json!({"hex": "61"}));
    let read = serde_json::from_str::<Hex<Bytes>>(r#""a""#).unwrap();
    assert_eq!(read, Hex("a".into()));
    let read = serde_json::from_str::<Text<Bytes>>(r#"{"hex": "fF"}"#).unwrap();
    assert_eq!(read, Text(Bytes::from_static(b"\xff")));
}

#[test]
fn numbers_that_json_does_not_have_are_strings() {
    is_written_as(&Float(f64::INFINITY), &json!("inf"));
    is_written_as(&Float(f32::NEG_INFINITY), &json!("-inf"));
    is_written_as(&Float(-0.5_f32), &json!(-0.5));
    assert_eq!(serde_json::to_string(&Float(f64::NAN)).unwrap(), r#""NaN""#);
    let read = serde_json::from_str::<Float<f32>>(r#""NaN""#).unwrap();
    assert!(read.0.is_nan());
    let error = serde_json::from_str::<Float<f32>>(r#""many""#).unwrap_err();
    assert_eq!(error.to_string(), "invalid float literal");
}

#[test]
fn packets_and_frames_have_their_payload() {
    let payload = Bytes::from("\u{e}");
    let packet = Packet {
        sequence_id: 7,
        payload: payload.clone(),
    };
    let want = json!({"sequence_id": 7, "payload": {"hex": "0e"}});
    is_written_as(&packet, &want);
    let slice = PacketSlice {
        sequence_id: 7,
        payload: &payload,
    };
    assert_eq!(serde_json::to_value(slice).unwrap(), want);
    is_written_as(
        &PacketHeader {
            len: 1,
            sequence_id: 7,
        },
        &json!({"len": 1, "sequence_id": 7}),
    );
    is_written_as(
        &compress::Frame {
            sequence_id: 7,
            uncompressed_len: 0,
            payload,
        },
        &json!({"sequence_id": 7, "uncompressed_len": 0, "payload": {"hex": "0e"}}),
    );
    check_json(&compress::FrameHeader {
        len: 1,
        sequence_id: 7,
        uncompressed_len: 2,
    });
    is_written_as(&Algorithm::Zstd(3), &json!({"Zstd": 3}));
}
