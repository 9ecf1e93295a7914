//! What fuzzing found worth keeping, once more, and all recordings in every form.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use mynah_relay::fuzz;
use mynah_testkit::{Direction, Fixture, fixtures, replay_corpora};

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    replay_corpora(
        env!("CARGO_MANIFEST_DIR"),
        &[
            ("fault_rule", fuzz::fault_rule),
            ("filter", fuzz::filter),
            ("gate", fuzz::gate),
            ("login", fuzz::login),
            ("login_x", fuzz::login_x),
            ("pump", fuzz::pump),
            ("trace", fuzz::trace),
            ("trace_x", fuzz::trace_x),
        ],
    );
}

#[test]
fn every_recording_is_traced_in_every_form() {
    for (kind, target) in [("classic", fuzz::trace as fn(&[u8])), ("x", fuzz::trace_x)] {
        for (name, fixture) in fixtures(kind).unwrap() {
            // What is compressed may be long, too.
            let is_long = name.display().to_string().contains("16m");
            let pieces = pieces(&fixture, kind == "x", usize::MAX);
            if is_long || pieces.len() > MOST {
                continue;
            }
            println!("{}", name.display());
            for form in 0..15 {
                for bits in [8, 7, 16 + 32 + 64] {
                    target(&[&[form, bits], &pieces[..]].concat());
                }
            }
        }
    }
}

#[test]
fn every_recorded_login_comes_to_an_end() {
    for (kind, target) in [("classic", fuzz::login as fn(&[u8])), ("x", fuzz::login_x)] {
        for (name, fixture) in fixtures(kind).unwrap() {
            println!("{}", name.display());
            let pieces = pieces(&fixture, kind == "x", LOGIN);
            for bits in 0..32 {
                target(&[&[7, 8, bits], &pieces[..]].concat());
            }
        }
    }
}

/// Writes recordings as inputs that fuzzing can begin with.
#[test]
#[ignore = "it changes the corpora"]
fn recordings_become_seeds() {
    for (kind, suffix) in [("classic", ""), ("x", "_x")] {
        for (number, (name, fixture)) in fixtures(kind).unwrap().into_iter().enumerate() {
            let whole = pieces(&fixture, kind == "x", usize::MAX);
            let login = pieces(&fixture, kind == "x", LOGIN);
            // Whole messages are traced from level 3 on.
            let form = 9 + u8::try_from(number % 6).unwrap();
            let bits = if number % 3 == 0 { 8 + 16 + 32 } else { 8 };
            let name = name.with_extension("");
            let mut parts = name.iter().rev();
            let mut part = || parts.next().unwrap().to_str().unwrap();
            let (recording, server) = (part(), part());
            for (target, pieces, head) in [
                ("trace", whole, &[form, bits][..]),
                ("login", login, &[form, 8, form]),
            ] {
                let has_rare_fields = ["attributes", "parameters", "types"]
                    .iter()
                    .any(|&word| target == "trace" && recording.contains(word));
                let is_seed = kind == "x" || number % 4 == 0 || has_rare_fields;
                if pieces.len() < SEED && is_seed {
                    let folder = format!(
                        "{}/fuzz/corpus/{target}{suffix}",
                        env!("CARGO_MANIFEST_DIR")
                    );
                    std::fs::create_dir_all(&folder).unwrap();
                    let path = format!("{folder}/{server}-{recording}");
                    std::fs::write(path, [head, &pieces].concat()).unwrap();
                }
            }
        }
    }
}

/// A recording's first packets, each cut into pieces as the targets read them.
fn pieces(fixture: &Fixture, is_x: bool, lines: usize) -> Vec<u8> {
    let mut pieces = Vec::new();
    for line in fixture.lines.iter().take(lines) {
        let wire = if is_x { line.x_wire() } else { line.wire() };
        let sender = match line.direction {
            Direction::Client => 0,
            Direction::Server => 0x80,
        };
        for piece in wire.chunks(0x7f) {
            pieces.push(sender | u8::try_from(piece.len()).unwrap());
            pieces.extend_from_slice(piece);
        }
    }
    pieces
}

/// How many packets a login has at most.
const LOGIN: usize = 12;

/// How long a recording is traced in every form.
const MOST: usize = 16 * 1024;

/// How long one is that becomes a seed.
const SEED: usize = 2048;
