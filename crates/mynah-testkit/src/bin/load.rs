//! Loads a server with logins or with statements, and says how many it served a second.
//!
//! `load ADDRESS:PORT connects|statements CONNECTIONS SECONDS [STATEMENT]`
//!
//! It is as light as a client can be, so that on one machine the server is what is measured: it
//! writes prepared bytes and looks at no more of an answer than it takes to find its end. Anybody
//! must be able to log in without a password.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use bytes::{Buf, BytesMut};
use mynah_wire::{PacketCodec, Splitter};
use tokio_util::codec::Decoder;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, what, connections, seconds, rest @ ..] = &args[..] else {
        return Err("load ADDRESS:PORT connects|statements CONNECTIONS SECONDS [STATEMENT]".into());
    };
    let address: SocketAddr = address.parse()?;
    let connections: u32 = connections.parse()?;
    let time = Duration::from_secs_f64(seconds.parse()?);
    let statement = rest.first().map_or("select 1", String::as_str);
    let load = match what.as_str() {
        "connects" => Load::Connects,
        "statements" => Load::Statements(query(statement)),
        other => return Err(format!("'{other}' is neither connects nor statements").into()),
    };
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
    println!("{what} {connections} {:.0}/s", f64::from(count) / elapsed);
    Ok(())
}

#[derive(Clone)]
enum Load {
    Connects,
    Statements(Vec<u8>),
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
}

impl Client {
    fn log_in(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut client = Self {
            stream,
            input: BytesMut::new(),
            chunk: vec![0; 16 * 1024].into(),
        };
        client.read_first_byte()?;
        let mut response = Vec::from(CAPABILITIES.to_le_bytes());
        response.extend([0, 0, 0, 1, 45]);
        response.extend([0; 23]);
        response.extend(b"load\0\0caching_sha2_password\0");
        let mut wire = BytesMut::new();
        Splitter::new(1).payload(&mut wire, &response);
        client.stream.write_all(&wire)?;
        while client.read_first_byte()? != Some(0) {}
        Ok(client)
    }

    /// Reads to the end of an OK, an error, or a result set.
    fn read_answer(&mut self) -> io::Result<()> {
        if matches!(self.read_first_byte()?, Some(0x00 | 0xff)) {
            return Ok(());
        }
        while !matches!(self.read_first_byte()?, Some(0xfe | 0xff)) {}
        Ok(())
    }

    fn read_first_byte(&mut self) -> io::Result<Option<u8>> {
        loop {
            if let Some(mut packet) = PacketCodec.decode(&mut self.input)? {
                return Ok(packet
                    .payload
                    .has_remaining()
                    .then(|| packet.payload.get_u8()));
            }
            let len = self.stream.read(&mut self.chunk)?;
            let Some(read) = self.chunk.get(..len).filter(|read| !read.is_empty()) else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            self.input.extend_from_slice(read);
        }
    }
}

/// LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH, DEPRECATE_EOF.
const CAPABILITIES: u32 = 0x0108_a201;
