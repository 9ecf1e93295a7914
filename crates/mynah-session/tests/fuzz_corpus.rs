//! What fuzzing found worth keeping, once more, and all recordings.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use mynah_session::fuzz;
use mynah_testkit::{Direction, Fixture, fixtures, replay_corpora};

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    replay_corpora(
        env!("CARGO_MANIFEST_DIR"),
        &[
            ("client", fuzz::client),
            ("observe", fuzz::observe),
            ("observe_x", fuzz::observe_x),
            ("secrets", fuzz::secrets),
            ("server", fuzz::server),
            ("server_x", fuzz::server_x),
        ],
    );
}

#[test]
fn every_recording_drives_the_sessions_of_its_protocol() {
    for (kind, name, inputs) in recordings() {
        println!("{kind}/{name}");
        for (target, input) in inputs {
            let run = match target {
                "client" => fuzz::client,
                "server" => fuzz::server,
                _ => fuzz::server_x,
            };
            run(&input);
        }
    }
}

/// Writes recordings as inputs that fuzzing can begin with.
#[test]
#[ignore = "it changes the corpora"]
fn recordings_become_seeds() {
    for (number, (_, name, inputs)) in recordings().into_iter().enumerate() {
        for (target, input) in inputs {
            if input.len() < SEED && (target != "client" || number % 4 == 0) {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
                let folder = folder.join(target);
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join(&name), input).unwrap();
            }
        }
    }
}

/// A target, and an input of it.
type Input = (&'static str, Vec<u8>);

/// Each recording's protocol, its name, and what it is to the targets.
fn recordings() -> Vec<(&'static str, String, Vec<Input>)> {
    let mut recordings = Vec::new();
    for kind in ["classic", "x"] {
        for (number, (name, fixture)) in fixtures(kind).unwrap().into_iter().enumerate() {
            // Which answer comes first.
            let first = u8::try_from(number % 7).unwrap();
            let name = name.with_extension("");
            let mut parts = name.iter().rev().map(|part| part.to_str().unwrap());
            let (recording, server) = (parts.next().unwrap(), parts.next().unwrap());
            let mut inputs = Vec::new();
            if kind == "x" {
                inputs.push((
                    "server_x",
                    [&[0, first], &sent(&fixture, true)[..]].concat(),
                ));
            } else if fixture.frames().next().is_none() {
                inputs.push(("server", [&[0, first], &sent(&fixture, false)[..]].concat()));
                inputs.push(("client", both(&fixture)));
            }
            recordings.push((kind, format!("{server}-{recording}"), inputs));
        }
    }
    recordings
}

/// What the client sent, as far as it is worth while.
fn sent(fixture: &Fixture, is_x: bool) -> Vec<u8> {
    let client = fixture.lines.iter();
    let client = client.filter(|line| line.direction == Direction::Client);
    let mut stream = Vec::new();
    for line in client {
        stream.extend_from_slice(&if is_x { line.x_wire() } else { line.wire() });
    }
    stream.truncate(MOST);
    stream
}

/// What both sent, in the client's capabilities, cut into pieces.
fn both(fixture: &Fixture) -> Vec<u8> {
    let mut client = fixture.packets();
    let response = client.find(|line| line.direction == Direction::Client);
    let capabilities = response.and_then(|line| line.payload.first_chunk::<4>());
    let mut input = vec![0];
    input.extend_from_slice(capabilities.unwrap_or(&[0; 4]));
    for line in &fixture.lines {
        let sender = match line.direction {
            Direction::Client => 0,
            Direction::Server => 0x80,
        };
        for piece in line.wire().chunks(0x7f) {
            input.push(sender | u8::try_from(piece.len()).unwrap());
            input.extend_from_slice(piece);
        }
        if input.len() > MOST {
            break;
        }
    }
    input
}

/// How much of a recording is replayed.
const MOST: usize = 16 * 1024;

/// How long one is that becomes a seed.
const SEED: usize = 1024;
