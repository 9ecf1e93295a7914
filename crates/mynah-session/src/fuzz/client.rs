use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::{Channel, LongNonce};
use mynah_classic::Capabilities;
use mynah_classic::command::Command;
use mynah_wire::{Message, Packet};

use super::pieces::cut;
use crate::classic::Part;
use crate::classic::client::{Action, Client, ClientError, Event, Options, TlsMode};
use crate::observe::Direction;

/// Fuzz target: gives a client's session any bytes of a server, and panics if what the session does depends on how
/// the bytes are cut, or if a command is neither answered once nor ends the session.
///
/// The first byte says how the client logs in, the next four which capabilities it has. Each piece that follows is
/// a byte for the sender and the length, and the bytes; of the client's packets, those that begin with a sequence
/// id of 0 are the commands that it sends once it has logged in.
pub fn client(data: &[u8]) {
    let [how, a, b, c, d, rest @ ..] = data else {
        return;
    };
    let capabilities = u32::from_le_bytes([*a, *b, *c, *d]);
    let capabilities = Capabilities::from_bits_retain(capabilities.into());
    let (commands, stream) = sides(rest);
    let whole = seen(*how, capabilities, commands.clone(), &stream, usize::MAX);
    assert_eq!(whole, seen(*how, capabilities, commands, &stream, 3));
}

/// The payloads of the client's commands, and what the server sends.
fn sides(rest: &[u8]) -> (VecDeque<Bytes>, BytesMut) {
    let (mut client, mut server) = (BytesMut::new(), BytesMut::new());
    for (direction, piece) in cut(rest) {
        match direction {
            Direction::Client => client.extend_from_slice(&piece),
            Direction::Server => server.extend_from_slice(&piece),
        }
    }
    let mut commands = VecDeque::new();
    while let Some(packet) = Packet::take(&mut client) {
        if packet.sequence_id == 0 {
            commands.push_back(packet.payload);
        }
    }
    (commands, server)
}

fn seen(
    how: u8,
    capabilities: Capabilities,
    commands: VecDeque<Bytes>,
    stream: &[u8],
    step: usize,
) -> Vec<String> {
    let mut driven = Driven {
        client: Client::new(options(how, capabilities)),
        commands,
        seen: Vec::new(),
        is_answered: true,
        is_closed: false,
    };
    let mut input = BytesMut::new();
    for part in stream.chunks(step) {
        input.extend_from_slice(part);
        while !driven.is_closed {
            let Some(packet) = Packet::take(&mut input) else {
                break;
            };
            driven.give(Event::Packet(packet));
        }
    }
    if !driven.is_closed {
        driven.give(Event::Eof);
    }
    assert!(driven.is_closed, "an end that closes nothing");
    driven.seen
}

/// A client, and what it is to do.
struct Driven {
    client: Client,
    commands: VecDeque<Bytes>,
    seen: Vec<String>,
    is_answered: bool,
    is_closed: bool,
}

impl Driven {
    fn give(&mut self, event: Event) {
        if let Err(error) = self.client.handle(event) {
            self.seen.push(error.to_string());
            self.is_closed = true;
            return;
        }
        while let Some(action) = self.client.poll_action() {
            let output = self.client.output().split();
            self.seen.push(format!("{output:?} {action:?}"));
            match action {
                Action::StartTls => self.also(Event::TlsEstablished),
                Action::LoggedIn(_) => self.next_command(),
                Action::Answered => {
                    assert!(!self.is_answered, "answered twice");
                    self.is_answered = true;
                    self.next_command();
                }
                Action::Received(part, _) => {
                    assert!(!self.is_answered, "an answer to nothing");
                    if part == Part::LocalInfile {
                        self.also(Event::File(Bytes::from_static(b"1,2\n")));
                        self.also(Event::File(Bytes::new()));
                    }
                }
                Action::Close => self.is_closed = true,
            }
        }
    }

    /// Sends the next command that can be read, if there is one.
    fn next_command(&mut self) {
        let Some(shared) = self.client.shared() else {
            return;
        };
        while let Some(payload) = self.commands.pop_front() {
            if let Ok(command) = Command::from_payload(&payload, shared) {
                self.is_answered = false;
                return self.also(match command {
                    Command::ChangeUser(change) => {
                        Event::ChangeUser(change, passwords(Channel::Tls))
                    }
                    command => Event::Command(command),
                });
            }
        }
    }

    /// Gives the client an event that it asked for.
    fn also(&mut self, event: Event) {
        if let Err(error) = self.client.handle(event) {
            assert!(!matches!(error, ClientError::Unexpected { .. }), "{error}");
            self.seen.push(error.to_string());
            self.is_closed = true;
        }
    }
}

fn options(how: u8, capabilities: Capabilities) -> Options {
    let channel = if how & 1 == 0 {
        Channel::Tls
    } else {
        Channel::Insecure
    };
    Options {
        database: "zoo".into(),
        capabilities,
        max_packet_size: 4096,
        tls: match how >> 1 & 3 {
            1 => TlsMode::Preferred,
            2 => TlsMode::Required,
            _ => TlsMode::Disabled,
        },
        ..Options::new("ada", passwords(channel))
    }
}

fn passwords(channel: Channel) -> Credentials {
    Credentials {
        server_key: ServerKey::Refuse,
        ..Credentials::new("secret", channel, LongNonce::from_bytes(&[b'c'; 32]))
    }
}
