//! The error that clients get when their server shuts down.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mynah_net::{Server, ServerOptions};
use support::{Answers, tcp_address};

const ERROR: &[u8] = b"\xff\x1d\x04#08S01Server shutdown in progress";

/// A client that has connected and received its greeting.
fn connect(server: &Server) -> TcpStream {
    let mut client = TcpStream::connect(tcp_address(server)).unwrap();
    read_packet(&mut client);
    client
}

fn log_in(server: &Server) -> TcpStream {
    let mut client = connect(server);
    let capabilities = 0x0008_8200u32.to_le_bytes(); // PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH
    let fixed = [&capabilities[..], &[0; 4], &[45], &[0; 23]].concat();
    let response = [&fixed[..], b"ada\0\0caching_sha2_password\0"].concat();
    say(&mut client, 1, &response);
    assert_eq!(read_packet(&mut client)[0], 0, "the login succeeds");
    client
}

fn say(client: &mut TcpStream, sequence_id: u8, payload: &[u8]) {
    let header = [payload.len() as u8, 0, 0, sequence_id];
    client.write_all(&[&header, payload].concat()).unwrap();
}

fn read_packet(client: &mut TcpStream) -> Vec<u8> {
    let mut header = [0; 4];
    client.read_exact(&mut header).unwrap();
    let mut payload = vec![0; header[0].into()];
    client.read_exact(&mut payload).unwrap();
    payload
}

#[test]
fn clients_that_have_logged_in_get_an_error_and_others_are_closed() {
    let server = Answers::default().start_tcp(ServerOptions::default());
    let (mut before, mut idle, mut waiting) = (connect(&server), log_in(&server), log_in(&server));
    say(&mut waiting, 0, b"\x03sleep");
    while !server
        .connections()
        .list()
        .iter()
        .any(|c| c.statements == 1)
    {
        std::thread::yield_now();
    }
    assert!(server.shut_down(Duration::from_secs(60)));
    for (client, sequence_id) in [
        (&mut idle, Some(0)),
        (&mut waiting, Some(1)),
        (&mut before, None),
    ] {
        let expected = sequence_id.map_or(Vec::new(), |sequence_id| {
            [&[ERROR.len() as u8, 0, 0, sequence_id], ERROR].concat()
        });
        let mut received = Vec::new();
        client.read_to_end(&mut received).unwrap();
        assert_eq!(received, expected, "{sequence_id:?}");
    }
}
