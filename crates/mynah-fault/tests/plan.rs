//! What faults do to the bytes of an answer.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::sync::Arc;
use std::time::Duration;

use mynah_fault::{Draws, End, Fault, Framing, Playing, Step};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

const MILLIS: fn(u64) -> Duration = Duration::from_millis;

fn playing(fault: Value, framing: Framing) -> Playing {
    let fault: Fault = serde_json::from_value(fault).unwrap();
    let drawn = Arc::new(fault).draw(Draws::new(1, None, 1, 1)).unwrap();
    drawn.play(framing)
}

/// The steps for an answer that comes in these pieces.
fn steps<'a>(
    fault: Value,
    framing: Framing,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Step> {
    let mut playing = playing(fault, framing);
    let mut steps = Vec::new();
    for piece in pieces {
        playing.push(piece);
        steps.extend(std::iter::from_fn(|| playing.next()));
    }
    playing.finish();
    steps.extend(std::iter::from_fn(|| playing.next()));
    steps
}

fn sent(steps: &[Step]) -> Vec<u8> {
    let sent = steps.iter().filter_map(|step| match step {
        Step::Send(bytes) => Some(bytes.to_vec()),
        _ => None,
    });
    sent.flatten().collect()
}

fn waited(steps: &[Step]) -> Duration {
    let waits = steps.iter().map(|step| match step {
        Step::Wait(time) => *time,
        _ => Duration::ZERO,
    });
    waits.sum()
}

/// The packets of a result of two rows, with their ends.
fn result(has_eof: bool) -> (Vec<u8>, Vec<usize>) {
    let eof: &[u8] = b"\xfe\0\0\x02\0";
    let payloads: Vec<&[u8]> = match has_eof {
        true => vec![
            b"\x02",
            b"\x03def..",
            b"\x03def..",
            eof,
            b"\x01a\xfb",
            b"\0\xfb",
            eof,
        ],
        false => vec![
            b"\x02",
            b"\x03def..",
            b"\x03def..",
            b"\x01a\xfb",
            b"\0\xfb",
            b"\xfe\0\0\x02\0\0\0",
        ],
    };
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    for (payload, id) in payloads.into_iter().zip(1..) {
        bytes.extend([u8::try_from(payload.len()).unwrap(), 0, 0, id]);
        bytes.extend(payload);
        ends.push(bytes.len());
    }
    (bytes, ends)
}

#[test]
fn a_latency_is_the_first_step() {
    let all = steps(json!({"latency": 5}), Framing::Classic, [&b"answer"[..]]);
    assert_eq!(
        all,
        [Step::Wait(MILLIS(5)), Step::Send(b"answer"[..].into())]
    );
    let mut playing = playing(json!({"latency": 5}), Framing::Classic);
    assert_eq!(playing.take_latency(), MILLIS(5));
    assert_eq!(playing.next(), None);
}

#[test]
fn each_ending_has_its_place() {
    let slow = Step::Send(b"answer"[..].into());
    for (fault, wanted) in [
        (json!({"reset_peer": true}), vec![Step::End(End::Reset)]),
        (
            json!({"reset_peer": 9}),
            vec![Step::Wait(MILLIS(9)), Step::End(End::Reset)],
        ),
        (json!({"timeout": true}), vec![Step::End(End::Timeout)]),
        (
            json!({"timeout": 9}),
            vec![Step::Wait(MILLIS(9)), Step::End(End::Close)],
        ),
        (
            json!({"slow_close": 9}),
            vec![slow.clone(), Step::Wait(MILLIS(9)), Step::End(End::Close)],
        ),
        (
            json!({"stop_reading": true}),
            vec![slow, Step::End(End::StopReading)],
        ),
        (
            json!({"limit_data": 2, "reset_peer": true}),
            vec![Step::Send(b"an"[..].into()), Step::End(End::Reset)],
        ),
        (
            json!({"limit_data": 2, "slow_close": 3}),
            vec![
                Step::Send(b"an"[..].into()),
                Step::Wait(MILLIS(3)),
                Step::End(End::Close),
            ],
        ),
        (
            json!({"limit_data": 6}),
            vec![Step::Send(b"answer"[..].into()), Step::End(End::Close)],
        ),
        (json!({"limit_data": 0}), vec![Step::End(End::Close)]),
        (
            json!({"limit_data": 7}),
            vec![Step::Send(b"answer"[..].into())],
        ),
    ] {
        assert_eq!(
            steps(fault.clone(), Framing::Classic, [&b"answer"[..]]),
            wanted,
            "{fault}"
        );
    }
}

#[test]
fn a_limit_of_packets_and_rows_ends_behind_them() {
    for has_eof in [true, false] {
        let (bytes, ends) = result(has_eof);
        for (packets, end) in (1..).zip(&ends) {
            let fault = json!({"limit_data": {"packets": packets}});
            let all = steps(fault, Framing::Classic, bytes.chunks(3));
            assert_eq!(sent(&all).len(), *end, "{packets} packets");
            assert_eq!(all.last(), Some(&Step::End(End::Close)));
        }
        let first = if has_eof { 4 } else { 3 };
        for rows in [1, 2] {
            for size in [1, bytes.len()] {
                let fault = json!({"limit_data": {"rows": rows}});
                let all = steps(fault, Framing::Classic, bytes.chunks(size));
                assert_eq!(
                    sent(&all).len(),
                    ends[first + rows - 1],
                    "{rows} rows, EOF: {has_eof}"
                );
            }
        }
        // The second result of several.
        let twice = [&bytes[..], &bytes[..]].concat();
        let fault = json!({"limit_data": {"rows": 3}});
        let all = steps(fault, Framing::Classic, [&twice[..]]);
        assert_eq!(sent(&all).len(), bytes.len() + ends[first]);
        let all = steps(
            json!({"limit_data": {"rows": 3}}),
            Framing::Classic,
            [&bytes[..]],
        );
        assert_eq!(sent(&all), bytes, "there are only two");
        assert_eq!(all.len(), 1);
    }
}

#[test]
fn rows_of_the_x_protocol_are_counted() {
    // Columns, three rows, and the end.
    let bytes = b"\x01\0\0\0\x0c\x03\0\0\0\x0dab\x03\0\0\0\x0dcd\x01\0\0\0\x0d\x01\0\0\0\x0e";
    for (rows, end) in [(1, 12), (2, 19), (3, 24)] {
        for size in [1, 64] {
            let fault = json!({"limit_data": {"rows": rows}});
            let all = steps(fault, Framing::X, bytes.chunks(size));
            assert_eq!(sent(&all), bytes[..end], "{rows} rows");
        }
    }
}

#[test]
fn a_bandwidth_takes_the_time_of_all_bytes() {
    let bytes = [7; 2500];
    let all = steps(json!({"bandwidth": 1000}), Framing::Classic, [&bytes[..]]);
    assert_eq!(waited(&all), MILLIS(2500));
    assert_eq!(sent(&all), bytes);
    let most = all.iter().filter_map(|step| match step {
        Step::Send(bytes) => Some(bytes.len()),
        _ => None,
    });
    assert_eq!(most.max(), Some(100), "a tenth of a second");
}

#[test]
fn slices_come_one_by_one() {
    let fault = json!({"slicer": {"average_size": 4, "delay": 2}});
    let all = steps(fault, Framing::Classic, [&b"0123456789"[..]]);
    let send = |bytes: &'static [u8]| Step::Send(bytes.into());
    let wait = Step::Wait(MILLIS(2));
    assert_eq!(
        all,
        [
            send(b"0123"),
            wait.clone(),
            send(b"4567"),
            wait,
            send(b"89")
        ]
    );
}

fn any_fault() -> impl Strategy<Value = Value> {
    let slicer = (1..40u64, 0..40u64).prop_map(|(size, variation)| {
        json!({"average_size": size, "size_variation": variation % size, "delay": 1})
    });
    let limit = prop_oneof![
        (0..200u64).prop_map(|bytes| json!(bytes)),
        (0..8u64).prop_map(|packets| json!({"packets": packets})),
        (1..4u64).prop_map(|rows| json!({"rows": rows})),
    ];
    let bandwidth = 1..10_000u64;
    let ending = prop_oneof![
        Just("none"),
        Just("slow_close"),
        Just("timeout"),
        Just("reset_peer"),
        Just("stop_reading"),
    ];
    let parts = (
        proptest::option::of(slicer),
        proptest::option::of(limit),
        proptest::option::of(bandwidth),
        ending,
    );
    parts.prop_map(|(slicer, limit, bandwidth, ending)| {
        let mut fault = json!({"latency": 1});
        for (key, value) in [
            ("slicer", slicer),
            ("limit_data", limit),
            ("bandwidth", bandwidth.map(Value::from)),
            (
                "stop_reading",
                (ending == "stop_reading").then_some(Value::Bool(true)),
            ),
            ("slow_close", (ending == "slow_close").then_some(json!(1))),
            ("timeout", (ending == "timeout").then_some(json!(1))),
            ("reset_peer", (ending == "reset_peer").then_some(json!(1))),
        ] {
            if let Some(value) = value {
                fault[key] = value;
            }
        }
        fault
    })
}

fn framing() -> impl Strategy<Value = Framing> {
    prop_oneof![Just(Framing::Classic), Just(Framing::X)]
}

/// Bytes that are packets and messages with small lengths now and then, and anything else.
fn answer() -> impl Strategy<Value = Vec<u8>> {
    let small = prop_oneof![Just(0u8), Just(1), Just(2), Just(0xfe), any::<u8>()];
    vec(small, 0..300)
}

proptest! {
    #[test]
    fn what_is_sliced_is_whole_and_in_order(
        bytes in answer(), framing in framing(), size in 1..50u64, variation in 0..50u64, piece in 1..99usize,
    ) {
        let fault = json!({"slicer": {"average_size": size, "size_variation": variation % size}});
        let all = steps(fault, framing, bytes.chunks(piece));
        prop_assert_eq!(sent(&all), bytes);
    }

    #[test]
    fn what_is_sent_is_a_beginning_of_the_answer_and_all_of_it_unless_the_connection_ends(
        fault in any_fault(), bytes in answer(), framing in framing(), piece in 1..99usize,
    ) {
        let all = steps(fault, framing, bytes.chunks(piece));
        let sent = sent(&all);
        prop_assert!(bytes.starts_with(&sent));
        let ends = all.iter().filter(|step| matches!(step, Step::End(_))).count();
        prop_assert!(ends <= 1);
        prop_assert_eq!(ends == 1, matches!(all.last(), Some(Step::End(_))));
        prop_assert!(ends == 1 || sent == bytes);
    }

    #[test]
    fn the_pieces_in_which_an_answer_comes_change_nothing_of_what_is_sent(
        fault in any_fault(), kind in 0..4usize, packet in 1..4u64,
        bytes in answer(), framing in framing(), piece in 1..99usize,
    ) {
        let mut fault = fault;
        let name = ["cut_short", "wrong_sequence_id", "wrong_length", "junk"][kind];
        fault["malformed"] = json!({"kind": name, "packet": packet});
        let whole = steps(fault.clone(), framing, [&bytes[..]]);
        let in_pieces = steps(fault, framing, bytes.chunks(piece));
        prop_assert_eq!(sent(&whole), sent(&in_pieces));
        prop_assert_eq!(whole.last().filter(|step| matches!(step, Step::End(_))),
            in_pieces.last().filter(|step| matches!(step, Step::End(_))));
    }
}
