//! Loads a server with logins or statements, and prints how many it served per second and how much
//! processor time each took (a measure that other programs on the machine affect less). Or opens
//! idle connections, and prints how much memory each takes.
//!
//! `load ADDRESS:PORT PID [x-]connects|[x-]statements CONNECTIONS SECONDS [STATEMENT]`
//! `load ADDRESS:PORT PID idle CONNECTIONS`, PID being the server's process
//!
//! It is as light as a client can be, so that on one machine the server is what is measured: it
//! writes prepared bytes, and reads only as much of an answer as finding its end takes. The server
//! must allow logins by any user, or the one that the environment variable `MYNAH_LOAD_USER` names,
//! without a password. `x-connects` and `x-statements` use the X
//! Protocol.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use mynah_testkit::XClient;
use mynah_wire::{Packet, PacketCodec, Splitter};
use tokio_util::codec::Decoder;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, pid, what, connections, rest @ ..] = &args[..] else {
        return Err(USAGE.into());
    };
    let address: SocketAddr = address.parse()?;
    let connections: u32 = connections.parse()?;
    let load = match (what.as_str(), rest) {
        ("idle", []) => return idle(address, pid, connections),
        ("connects", [_]) => Load::Connects,
        ("statements", [_]) => Load::Statements(query("select 1")),
        ("statements", [_, statement]) => Load::Statements(query(statement)),
        ("x-connects", [_]) => Load::XConnects,
        ("x-statements", [_]) => Load::XStatements(XClient::statement("select 1")),
        ("x-statements", [_, statement]) => Load::XStatements(XClient::statement(statement)),
        _ => return Err(USAGE.into()),
    };
    let time = Duration::from_secs_f64(rest.first().ok_or(USAGE)?.parse()?);
    let taken_before = processor_time(pid)?;
    let started = Instant::now();
    let clients: Vec<_> = (0..connections)
        .map(|_| {
            let load = load.clone();
            thread::spawn(move || load.run(address, started + time))
        })
        .collect();
    let mut count = 0;
    for client in clients {
        count += client.join().map_err(|_| "a client panicked")??;
    }
    let elapsed = started.elapsed().as_secs_f64();
    let taken = processor_time(pid)?.saturating_sub(taken_before);
    println!(
        "{what:<12} {connections} {:>7.0}/s {:>6.1} us of the server each",
        f64::from(count) / elapsed,
        taken.as_secs_f64() * 1e6 / f64::from(count)
    );
    Ok(())
}

/// Prints how much memory of the process `pid` an idle, logged-in connection takes.
fn idle(address: SocketAddr, pid: &str, connections: u32) -> Result<(), Box<dyn Error>> {
    // Memory that the first connection allocates once doesn't count.
    drop(Client::log_in(address)?);
    let before = resident_kib(pid)?;
    let clients: Result<Vec<_>, _> = (0..connections).map(|_| Client::log_in(address)).collect();
    let clients = clients?;
    let taken = resident_kib(pid)?.saturating_sub(before);
    let each = f64::from(taken) / f64::from(connections);
    println!("idle {connections} {each:.1} KiB each");
    drop(clients);
    Ok(())
}

/// The processor time that a process has used so far, to 10 ms.
fn processor_time(pid: &str) -> Result<Duration, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name before the fields may contain blanks.
    let (_, fields) = stat
        .rsplit_once(')')
        .ok_or("no name in the process's stat")?;
    let mut times = fields.split_whitespace().skip(11);
    let mut next = || -> Result<u64, Box<dyn Error>> {
        Ok(times
            .next()
            .ok_or("no times in the process's stat")?
            .parse()?)
    };
    Ok(Duration::from_millis(10 * (next()? + next()?)))
}

/// The resident memory of a process, in KiB.
fn resident_kib(pid: &str) -> Result<u32, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(number.ok_or("no VmRSS in the process's status")?.parse()?)
}

#[derive(Clone)]
enum Load {
    Connects,
    Statements(Vec<u8>),
    XConnects,
    XStatements(Vec<u8>),
}

impl Load {
    fn run(&self, address: SocketAddr, end: Instant) -> io::Result<u32> {
        let mut count = 0;
        match self {
            Self::Connects => {
                while Instant::now() < end {
                    let mut client = Client::log_in(address)?;
                    client.stream.write_all(b"\x01\0\0\0\x01")?;
                    count += 1;
                }
            }
            Self::Statements(query) => {
                let mut client = Client::log_in(address)?;
                while Instant::now() < end {
                    client.stream.write_all(query)?;
                    client.read_answer()?;
                    count += 1;
                }
            }
            Self::XConnects => {
                while Instant::now() < end {
                    let mut client = XClient::log_in(address, "load")?;
                    client.send(b"\x01\0\0\0\x03")?;
                    count += 1;
                }
            }
            Self::XStatements(query) => {
                let mut client = XClient::log_in(address, "load")?;
                while Instant::now() < end {
                    client.send(query)?;
                    client.read_answer()?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }
}

fn query(statement: &str) -> Vec<u8> {
    let mut wire = BytesMut::new();
    let payload = [b"\x03", statement.as_bytes()].concat();
    Splitter::new(0).payload(&mut wire, &payload);
    wire.to_vec()
}

struct Client {
    stream: TcpStream,
    input: BytesMut,
    chunk: Box<[u8]>,
    /// Whether an EOF packet follows the columns.
    eof_after_columns: bool,
}

impl Client {
    fn log_in(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut client = Self {
            stream,
            input: BytesMut::new(),
            chunk: vec![0; 4 * 1024].into(),
            eof_after_columns: false,
        };
        let greeting = client.read_packet()?;
        let offered = offered(&greeting.payload).ok_or(io::ErrorKind::InvalidData)?;
        client.eof_after_columns = offered & DEPRECATE_EOF == 0;
        let mut response = Vec::from((offered & CAPABILITIES).to_le_bytes());
        response.extend([0, 0, 0, 1, 45]);
        response.extend([0; 23]);
        response.extend(user().as_bytes());
        response.extend(b"\0\0caching_sha2_password\0");
        client.write_packet(1, &response)?;
        loop {
            let packet = client.read_packet()?;
            match packet.payload.first() {
                Some(0x00) => return Ok(client),
                // For any method, the password is empty.
                Some(0xfe) => client.write_packet(packet.sequence_id.wrapping_add(1), b"")?,
                Some(0x01) => {}
                _ => return Err(io::Error::other("the login was refused")),
            }
        }
    }

    /// Reads to the end of an OK, an error, or a result set.
    fn read_answer(&mut self) -> io::Result<()> {
        if matches!(self.read_packet()?.payload.first(), Some(0x00 | 0xff)) {
            return Ok(());
        }
        let mut ends = 1 + u8::from(self.eof_after_columns);
        while ends > 0 {
            match self.read_packet()?.payload.first() {
                Some(0xfe) => ends -= 1,
                Some(0xff) => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    }

    fn write_packet(&mut self, sequence_id: u8, payload: &[u8]) -> io::Result<()> {
        let mut wire = BytesMut::new();
        Splitter::new(sequence_id).payload(&mut wire, payload);
        self.stream.write_all(&wire)
    }

    fn read_packet(&mut self) -> io::Result<Packet> {
        loop {
            if let Some(packet) = PacketCodec.decode(&mut self.input)? {
                return Ok(packet);
            }
            let len = self.stream.read(&mut self.chunk)?;
            let Some(read) = self.chunk.get(..len).filter(|read| !read.is_empty()) else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            self.input.extend_from_slice(read);
        }
    }
}

/// The user of logins over the classic protocol: the environment variable `MYNAH_LOAD_USER`, or `load`.
fn user() -> String {
    std::env::var("MYNAH_LOAD_USER").unwrap_or_else(|_| "load".to_owned())
}

/// The capabilities in a greeting: two halves after the version.
fn offered(greeting: &[u8]) -> Option<u32> {
    let end = greeting.iter().position(|byte| *byte == 0)?;
    let fields = greeting.get(end + 1..)?;
    let half = |at: usize| {
        Some(u32::from_le_bytes([
            *fields.get(at)?,
            *fields.get(at + 1)?,
            0,
            0,
        ]))
    };
    Some(half(13)? | half(18)? << 16)
}

const USAGE: &str =
    "load ADDRESS:PORT PID [x-]connects|[x-]statements CONNECTIONS SECONDS [STATEMENT]
load ADDRESS:PORT PID idle CONNECTIONS";
/// LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH, DEPRECATE_EOF.
const CAPABILITIES: u32 = 0x0008_a201 | DEPRECATE_EOF;
const DEPRECATE_EOF: u32 = 0x0100_0000;
