//! Broken packets, byte by byte.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use mynah_fault::{Draws, Fault, Framing, Step};
use mynah_testkit::hex;
use serde_json::json;

/// The lines of a fixture: a name, and bytes in hex, which spaces divide.
fn fixture(name: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, bytes) = line.split_once(' ').unwrap();
            let bytes = hex::decode(&bytes.replace(' ', "")).unwrap();
            (name.to_owned(), bytes.to_vec())
        })
        .collect()
}

fn sent(kind: &str, packet: u64, framing: Framing, answer: &[u8], size: usize) -> Vec<u8> {
    let fault = json!({"malformed": {"kind": kind, "packet": packet}});
    let fault: Arc<Fault> = Arc::new(serde_json::from_value(fault).unwrap());
    let mut playing = fault.draw(Draws::new(1, None, 1, 1)).unwrap().play(framing);
    let mut sent = Vec::new();
    for piece in answer.chunks(size) {
        playing.push(piece);
        while let Some(step) = playing.next() {
            match step {
                Step::Send(bytes) => sent.extend(bytes),
                other => panic!("{other:?}"),
            }
        }
    }
    sent
}

#[test]
fn each_kind_has_its_exact_bytes() {
    for (name, framing) in [("classic.hex", Framing::Classic), ("x.hex", Framing::X)] {
        let fixture = fixture(name);
        let answer = &fixture["answer"];
        let mut count = 0;
        for (case, wanted) in fixture.iter().filter(|(case, _)| *case != "answer") {
            let (kind, packet) = case.split_once('-').unwrap();
            for size in [1, 3, answer.len()] {
                let sent = sent(kind, packet.parse().unwrap(), framing, answer, size);
                assert_eq!(hex::encode(&sent), hex::encode(wanted), "{name}: {case}");
            }
            count += 1;
        }
        assert!(count >= 8, "{name}");
    }
}

#[test]
fn an_answer_with_fewer_packets_stays_intact() {
    let answer = &fixture("classic.hex")["answer"];
    assert_eq!(sent("junk", 99, Framing::Classic, answer, 5), *answer);
}
