//! A connection on which a test writes and reads packets.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic, and each test file uses a part"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use mynah_testkit::{Fixture, fixtures_folder};

use super::Mock;

/// A connection that has logged in.
pub(crate) struct Talk(TcpStream);

impl Talk {
    pub(crate) fn read(&mut self) -> Vec<u8> {
        let mut header = [0; 4];
        self.0.read_exact(&mut header).unwrap();
        let len = u32::from_le_bytes([header[0], header[1], header[2], 0]);
        let mut payload = vec![0; len as usize];
        self.0.read_exact(&mut payload).unwrap();
        payload
    }

    pub(crate) fn write(&mut self, sequence_id: u8, payload: &[u8]) {
        let len = u32::try_from(payload.len()).unwrap().to_le_bytes();
        let header = [len[0], len[1], len[2], sequence_id];
        self.0.write_all(&[&header, payload].concat()).unwrap();
    }

    /// Logs in with this handshake response.
    pub(crate) fn log_in(mock: &Mock, response: &[u8]) -> Self {
        let mut talk = Self(TcpStream::connect(mock.address).unwrap());
        talk.read();
        talk.write(1, response);
        let mut sequence_id = 3;
        loop {
            match talk.read()[0] {
                0 => return talk,
                0xfe => talk.write(sequence_id, b""),
                1 => {}
                other => panic!("login: {other:#x}"),
            }
            sequence_id += 2;
        }
    }
}

/// A recording of a real server.
pub(crate) fn recorded(server: &str, name: &str) -> Fixture {
    let mut path: PathBuf = fixtures_folder("classic");
    path.extend([server, name]);
    Fixture::parse(&path, &std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// The server's version in a recording.
pub(crate) fn version(fixture: &Fixture) -> String {
    let greeting = &fixture.lines[0].payload;
    let version = greeting[1..].split(|byte| *byte == 0).next().unwrap();
    String::from_utf8_lossy(version).into_owned()
}
