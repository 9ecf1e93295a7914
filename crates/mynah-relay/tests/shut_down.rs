//! The error that clients get when the proxy ends before they have closed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::time::Duration;

use bytes::Bytes;
use mynah_wire::Splitter;
use support::frames::{OK, login, wire};
use support::{backend, front, read, read_to_end};

/// What a client reads at the end that has had a ping answered, and then sends this.
fn received(compressed: bool, last: &Bytes) -> Vec<u8> {
    received_after(compressed, &[], last)
}

/// The same after these commands, each with the server's answer.
fn received_after(compressed: bool, commands: &[(Bytes, Bytes)], last: &Bytes) -> Vec<u8> {
    let plain = |sequence_id, payload: &[u8]| {
        let mut wire = bytes::BytesMut::new();
        Splitter::new(sequence_id).payload(&mut wire, payload);
        wire.freeze()
    };
    let [greeting, response, ok] = login(compressed);
    let (greeting, response) = (plain(0, &greeting), plain(1, &response));
    let asks = wire(compressed, 0, b"\x0e");
    let answers = wire(compressed, 1, OK);
    let mut from_server = vec![greeting, plain(2, &ok), answers];
    let mut from_client = vec![response, asks];
    for (command, answer) in commands {
        from_client.push(command.clone());
        from_server.push(answer.clone());
    }
    from_client.push(last.clone());
    let (says, hears) = (from_server.clone(), from_client.clone());
    let (asked, has_asked) = std::sync::mpsc::channel();
    let backend = backend(move |mut stream| {
        for (say, hear) in says.iter().zip(&hears) {
            stream.write_all(say).unwrap();
            assert_eq!(read(&mut stream, hear.len()), hear);
        }
        asked.send(()).unwrap();
        read_to_end(&mut stream);
    });
    let front = front(backend.port, |_| {});
    let mut client = front.client();
    for (hear, say) in from_server.iter().zip(&from_client) {
        assert_eq!(read(&mut client, hear.len()), hear);
        client.write_all(say).unwrap();
    }
    has_asked.recv().unwrap();
    assert!(!front.relay.shut_down(Duration::ZERO));
    let mut received = Vec::new();
    client.read_to_end(&mut received).unwrap();
    backend.join();
    received
}

fn error(compressed: bool, sequence_id: u8) -> Bytes {
    wire(
        compressed,
        sequence_id,
        b"\xff\x1d\x04#08S01Server shutdown in progress",
    )
}

#[test]
fn an_idle_client_gets_the_error_unasked() {
    for compressed in [false, true] {
        assert_eq!(received(compressed, &Bytes::new()), error(compressed, 0));
    }
}

#[test]
fn a_client_that_waits_for_its_answer_gets_the_error_as_the_answer() {
    for compressed in [false, true] {
        let last = wire(compressed, 0, b"\x03select 1");
        assert_eq!(received(compressed, &last), error(compressed, 1));
    }
}

#[test]
fn a_client_in_the_middle_of_its_command_gets_the_error_unasked() {
    for compressed in [false, true] {
        let last = wire(compressed, 0, b"\x03select 1");
        let last = last.slice(..last.len() - 3);
        assert_eq!(received(compressed, &last), error(compressed, 0));
    }
}

#[test]
fn a_client_that_sends_a_file_gets_no_error_in_the_middle_of_it() {
    for compressed in [false, true] {
        let load = b"\x03load data local infile 'f' into table t";
        let file = (wire(compressed, 0, load), wire(compressed, 1, b"\xfbf"));
        let part = wire(compressed, 2, b"1\n");
        let commands = [file];
        assert_eq!(received_after(compressed, &commands, &part), b"");
        // After its end, the client waits for the answer.
        let end = wire(compressed, 2, b"");
        let received = received_after(compressed, &commands, &end);
        assert_eq!(received, error(compressed, 3));
    }
}
