//! Each connection of the fixtures is recorded, and the recording is played to the same bytes of the client: the server's
//! bytes have to be the same, but for what a server chooses anew for each connection.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod classic;
mod x;

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use mynah::{Options, ScriptServer};
use mynah_relay::{ConvertOptions, RecordError, convert};
use mynah_testkit::{Direction, Fixture, Line, fixtures};

/// The result of playing a connection again.
#[derive(Debug)]
enum Played {
    /// All answers, so many, were the same.
    Same(usize),
    /// There is nothing to play, for this reason.
    Nothing(&'static str),
    /// An answer was another one: why, if it is known, and how.
    Differs(Option<&'static str>, String),
}

/// The connection of a client that sends what a fixture has.
struct Talk {
    stream: TcpStream,
    is_x: bool,
}

/// A packet, or a message of the X Protocol: its sequence id or type, and its payload.
type Message = (u8, Vec<u8>);

impl Talk {
    fn connect(address: &str, is_x: bool) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        // Only where an answer is missing does the time pass.
        stream
            .set_read_timeout(Some(Duration::from_secs(3)))
            .unwrap();
        Self { stream, is_x }
    }

    fn send(&mut self, line: &Line) -> io::Result<()> {
        let wire = match self.is_x {
            true => line.x_wire(),
            false => line.wire(),
        };
        self.stream.write_all(&wire)
    }

    fn read(&mut self) -> io::Result<Message> {
        let mut header = [0; 4];
        self.stream.read_exact(&mut header)?;
        let [a, b, c, d] = header;
        let (number, len) = match self.is_x {
            true => {
                let mut message_type = [0];
                self.stream.read_exact(&mut message_type)?;
                (message_type[0], u32::from_le_bytes(header) - 1)
            }
            false => (d, u32::from_le_bytes([a, b, c, 0])),
        };
        let mut payload = vec![0; usize::try_from(len).unwrap()];
        self.stream.read_exact(&mut payload)?;
        Ok((number, payload))
    }

    /// Sends what the client sent from here on, and compares what the server answers, but for what `settles` knows.
    fn play(&mut self, lines: &[Line], settles: &mut impl Settle) -> Played {
        let mut asked = None;
        let mut same = 0;
        for line in lines {
            if line.direction == Direction::Client {
                // The server may have ended the connection, as the recorded one did.
                let _sent = self.send(&settles.sent(line));
                asked = Some(line);
                continue;
            }
            let Some(asked_line) = asked else { continue };
            let mut wanted = (line.sequence_id, line.payload.to_vec());
            if settles.is_end(&wanted) {
                break;
            }
            let mut found = match self.read() {
                Ok(found) => found,
                Err(error) => (0, error.to_string().into_bytes()),
            };
            settles.received(asked_line, &mut wanted, &mut found);
            if wanted != found {
                let pairs = wanted.1.iter().zip(&found.1);
                let same = pairs.take_while(|(one, other)| one == other).count();
                let from = same.saturating_sub(SHOWN_BEFORE);
                let shown = [&wanted, &found].map(|message| shown(message, from));
                let asked = (asked_line.sequence_id, asked_line.payload.to_vec());
                let how = format!("{}: at {same}, {shown:?}", self::shown(&asked, 0));
                let why = settles.reason(asked_line, &wanted, &found);
                return Played::Differs(why, how);
            }
            same += 1;
        }
        match same {
            0 => Played::Nothing("no command has an answer"),
            same => Played::Same(same),
        }
    }
}

/// Knows what a server chooses anew for each connection, and what a recording doesn't have.
trait Settle {
    /// What the client sends, with the ids of this connection.
    fn sent(&mut self, line: &Line) -> Line;

    /// Removes from the recorded and the new message of an answer what is chosen anew.
    fn received(&mut self, asked: &Line, wanted: &mut Message, found: &mut Message);

    /// Whether the server sent this message because the client had gone.
    fn is_end(&self, message: &Message) -> bool;

    /// Why the recorded and the new message differ, if it is known.
    fn reason(&self, asked: &Line, wanted: &Message, found: &Message) -> Option<&'static str>;
}

/// A part of a message, from this place on.
fn shown((number, payload): &Message, from: usize) -> String {
    let payload = &payload[from.min(payload.len())..];
    let payload = &payload[..payload.len().min(60)];
    let text = String::from_utf8_lossy(payload);
    let hex = mynah_testkit::hex::encode(payload);
    format!("{number:02x} {hex} ({})", text.escape_debug())
}

/// Whether an answer has this text in it.
fn has(message: &Message, text: &str) -> bool {
    String::from_utf8_lossy(&message.1).contains(text)
}

/// How many bytes are shown in front of a difference.
const SHOWN_BEFORE: usize = 8;

/// Records a connection, and starts a mock that plays the recording.
fn mock(file: &Path, folder: &Path) -> ScriptServer {
    let recording = folder.join("rec.json");
    match convert(file, &recording, &ConvertOptions::default()) {
        // Packets that were damaged on purpose: the recording ends before them.
        Ok(()) | Err(RecordError::Lost { lines: 0, .. }) => {}
        Err(error) => panic!("{error}"),
    }
    let mut options = Options::new(recording);
    options.port = Some(0);
    options.xport = Some(0);
    options.bind_address = "127.0.0.1".to_owned();
    ScriptServer::start(options).unwrap()
}

/// Plays all connections of a protocol. `known` has the connections with a difference that
/// [`reason`](Settle::reason) doesn't explain, by the reason; `least` is the number of connections that have to be the
/// same.
fn play_all(
    kind: &str,
    play: impl Fn(&Fixture, &ScriptServer) -> Played,
    known: &[(&str, &[&str])],
    least: usize,
) {
    let (mut same, mut answers) = (0, 0);
    let (mut nothing, mut explained) = (BTreeMap::new(), BTreeMap::new());
    let mut unexplained = BTreeMap::new();
    for (file, fixture) in fixtures(kind).unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let of_server = file.parent().unwrap().file_name().unwrap();
        let name = file.file_stem().unwrap();
        let name = format!("{}/{}", of_server.display(), name.display());
        let server = mock(&file, folder.path());
        match play(&fixture, &server) {
            Played::Same(count) => {
                same += 1;
                answers += count;
            }
            Played::Nothing(why) => *nothing.entry(why).or_insert(0) += 1,
            Played::Differs(Some(why), _) => *explained.entry(why).or_insert(0) += 1,
            Played::Differs(None, how) => drop(unexplained.insert(name, how)),
        }
    }
    println!("{same} connections are the same, with {answers} packets or messages");
    println!("nothing to play: {nothing:#?}\ndiffers: {explained:#?}");
    for (name, how) in &unexplained {
        println!("differs: {name}: {how}");
    }
    let known = known.iter().flat_map(|(_, names)| *names);
    let mut known: Vec<_> = known.copied().collect();
    known.sort_unstable();
    let found: Vec<_> = unexplained.keys().map(String::as_str).collect();
    assert_eq!(found, known);
    assert!(same >= least, "{same} connections are the same");
}
