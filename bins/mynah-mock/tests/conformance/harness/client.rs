use std::io::Write;

use super::answer::{Answer, Column, Done, End, Refusal, Rows};
use super::bytes::{Packet, Reader, packet, read_packet, text};
use super::greeting::Greeting;
use super::login::{Login, capability};
use super::stream::Stream;

/// The suite's own client, which exposes every packet.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) stream: Stream,
    /// The client's capabilities.
    pub(crate) capabilities: u32,
    next: u8,
}

impl Client {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            capabilities: 0,
            next: 0,
        }
    }

    /// The next packet; `None` when the server has closed the connection.
    pub(crate) fn packet(&mut self) -> Option<Packet> {
        let packet = read_packet(&mut self.stream)?;
        self.next = packet.0.wrapping_add(1);
        Some(packet)
    }

    /// The next packet's payload.
    pub(crate) fn payload(&mut self) -> Vec<u8> {
        self.packet().expect("the connection is open").1
    }

    /// Sends a payload with the next sequence id.
    pub(crate) fn send(&mut self, payload: &[u8]) {
        let sequence_id = self.next;
        self.next = self.next.wrapping_add(1);
        self.write(&packet(sequence_id, payload));
    }

    /// Sends bytes unchanged; the server may have closed the connection.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let _closed = self.stream.write_all(bytes);
    }

    /// Waits for the greeting, or for the error in its place.
    pub(crate) fn greeting(&mut self) -> Result<Greeting, Refusal> {
        let (sequence_id, payload) = self.packet().expect("a greeting or an ERR packet");
        assert_eq!(sequence_id, 0);
        if payload[0] == 0xff {
            assert_eq!(self.packet(), None, "nothing follows an error");
            return Err(Refusal::read(&payload));
        }
        Ok(Greeting::read(&payload))
    }

    /// Waits for the greeting and logs in; returns the login's OK.
    pub(crate) fn login(&mut self, login: &Login) -> Result<Done, Refusal> {
        let greeting = self.greeting()?;
        self.answer_greeting(login, &greeting)
    }

    /// Logs in.
    pub(crate) fn answer_greeting(
        &mut self,
        login: &Login,
        greeting: &Greeting,
    ) -> Result<Done, Refusal> {
        self.logged_in(login, greeting).map(|(done, _)| done)
    }

    /// Logs in; returns the login's OK, and the steps before it: `switch METHOD`, `fast`.
    pub(crate) fn logged_in(
        &mut self,
        login: &Login,
        greeting: &Greeting,
    ) -> Result<(Done, Vec<String>), Refusal> {
        let method = login.method.as_ref().unwrap_or(&greeting.auth_method);
        self.capabilities = login.capabilities;
        self.send(&login.response(method, &greeting.nonce));
        self.finish_login(login)
    }

    /// Answers the server's messages after a `HandshakeResponse41` or a COM_CHANGE_USER.
    pub(crate) fn finish_login(&mut self, login: &Login) -> Result<(Done, Vec<String>), Refusal> {
        let mut steps = Vec::new();
        loop {
            let payload = self.payload();
            match payload[0] {
                0 => return Ok((Done::read(&payload, self.capabilities), steps)),
                0xff => {
                    let refusal = Refusal::read(&payload);
                    assert_eq!(self.packet(), None, "a refused login ends the connection");
                    return Err(refusal);
                }
                0xfe => {
                    let mut reader = Reader(&payload[1..]);
                    let method = reader.nul_text();
                    let nonce = reader.0.strip_suffix(b"\0").unwrap_or(reader.0);
                    let response = login.auth_response(&method, nonce);
                    steps.push(format!("switch {method}"));
                    self.send(&response);
                }
                1 => {
                    assert_eq!(payload, [1, 3], "only the fast path");
                    steps.push("fast".to_owned());
                }
                other => panic!("{other} in a login: {payload:?}"),
            }
        }
    }

    /// Runs a statement.
    pub(crate) fn query(&mut self, statement: &str) -> Answer {
        self.command(&[b"\x03", statement.as_bytes()].concat())
    }

    /// Sends a command, and reads the answer.
    pub(crate) fn command(&mut self, payload: &[u8]) -> Answer {
        self.start_command(payload);
        self.answer()
    }

    /// Sends a command.
    pub(crate) fn start_command(&mut self, payload: &[u8]) {
        self.next = 0;
        self.send(payload);
    }

    /// Sends a command in as many packets as it needs.
    pub(crate) fn start_long_command(&mut self, payload: &[u8]) {
        self.next = 0;
        let mut rest = payload;
        loop {
            let (part, after) = rest.split_at(rest.len().min(LONGEST_PACKET));
            self.send(part);
            rest = after;
            if part.len() < LONGEST_PACKET {
                return;
            }
        }
    }

    /// The answer to a command that was sent. Checks the sequence id of every packet.
    pub(crate) fn answer(&mut self) -> Answer {
        let Some((sequence_id, payload)) = self.packet() else {
            return Answer::Closed;
        };
        assert_eq!(sequence_id, 1, "the first packet of an answer");
        match payload.first() {
            Some(0) => Done::read(&payload, self.capabilities).into(),
            Some(0xff) => Refusal::read(&payload).into(),
            _ => self.rows(&payload, sequence_id).into(),
        }
    }

    fn rows(&mut self, count: &[u8], mut sequence_id: u8) -> Rows {
        let mut reader = Reader(count);
        let count = reader.lenenc_int().expect("a number of columns");
        reader.finish();
        let capabilities = self.capabilities;
        let mut due = || {
            let mut message = Vec::new();
            loop {
                sequence_id = sequence_id.wrapping_add(1);
                let (found, payload) = self.packet().expect("more of the result");
                assert_eq!(found, sequence_id, "packets in order");
                message.extend_from_slice(&payload);
                if payload.len() < LONGEST_PACKET {
                    return message;
                }
            }
        };
        let mut rows = Rows {
            columns: (0..count).map(|_| Column::read(&due())).collect(),
            ..Rows::default()
        };
        let deprecate_eof = capabilities & capability::DEPRECATE_EOF != 0;
        if !deprecate_eof {
            rows.middle = Some(eof(&due()));
        }
        loop {
            let payload = due();
            if payload.first() == Some(&0xfe) && payload.len() < LONGEST_PACKET {
                rows.end = match deprecate_eof {
                    true => End::Ok(Done::read(&payload, capabilities)),
                    false => {
                        let (warnings, status) = eof(&payload);
                        End::Eof(warnings, status)
                    }
                };
                return rows;
            }
            rows.rows.push(cells(&payload));
        }
    }
}

fn cells(payload: &[u8]) -> Vec<Option<String>> {
    let mut reader = Reader(payload);
    let mut cells = Vec::new();
    while !reader.0.is_empty() {
        cells.push(reader.lenenc().map(text));
    }
    cells
}

/// Warnings and status of an EOF packet.
fn eof(payload: &[u8]) -> (u16, u16) {
    let mut reader = Reader(payload);
    assert_eq!(reader.u8(), 0xfe, "{payload:?}");
    let fields = (reader.u16(), reader.u16());
    reader.finish();
    fields
}

/// A payload of this length is continued in another packet.
const LONGEST_PACKET: usize = 0xff_ffff;
