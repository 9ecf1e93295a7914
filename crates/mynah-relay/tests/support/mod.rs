//! Servers that say what a test has them say, and a relay in front of them.

#![allow(dead_code, reason = "each test uses what it needs")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::JoinHandle;

pub(crate) mod client;
pub(crate) mod frames;
pub(crate) mod server;
mod transport;
pub(crate) mod x_client;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::ErrPacket;
use mynah_net::ListenAddress;
use mynah_relay::{Address, Output, Relay, RelayOptions, Route, TraceFormat, TraceOptions};
use mynah_testkit::{Direction, Fixture, fixtures_folder};
use mynah_wire::Message;

/// One relay and its port.
pub(crate) struct Front {
    pub(crate) relay: Relay,
    pub(crate) port: u16,
}

pub(crate) fn front(upstream: u16, change: impl FnOnce(&mut RelayOptions)) -> Front {
    let mut options = RelayOptions {
        routes: vec![route(upstream)],
        workers: 2,
        ..RelayOptions::default()
    };
    change(&mut options);
    let relay = Relay::start(options).unwrap();
    let port = relay.addresses()[0].port();
    Front { relay, port }
}

pub(crate) fn route(upstream: u16) -> Route {
    Route {
        listen: "127.0.0.1:0".parse().unwrap(),
        ..Route::to(Address::Tcp {
            host: "127.0.0.1".to_owned(),
            port: upstream,
        })
    }
}

/// Traces to a file, as JSON.
pub(crate) fn json_trace(path: &std::path::Path, level: u8) -> TraceOptions {
    TraceOptions {
        format: TraceFormat::Json,
        level,
        output: Output::File {
            path: path.to_owned(),
            rotate_at: None,
            keep: 0,
        },
        ..TraceOptions::default()
    }
}

impl Front {
    pub(crate) fn client(&self) -> TcpStream {
        assert!(matches!(self.relay.addresses()[0], ListenAddress::Tcp(_)));
        TcpStream::connect(("127.0.0.1", self.port)).unwrap()
    }
}

/// A server for one client.
pub(crate) struct Backend<T> {
    pub(crate) port: u16,
    thread: JoinHandle<T>,
}

pub(crate) fn backend<T: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> Backend<T> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || serve(listener.accept().unwrap().0));
    Backend { port, thread }
}

impl<T> Backend<T> {
    pub(crate) fn join(self) -> T {
        self.thread.join().unwrap()
    }
}

pub(crate) fn recording(name: &str) -> Fixture {
    Fixture::read(fixtures_folder("classic").join(name)).unwrap()
}

/// What the other side is to send, read whole.
pub(crate) fn read(stream: &mut TcpStream, len: usize) -> Bytes {
    let mut bytes = vec![0; len];
    stream.read_exact(&mut bytes).unwrap();
    bytes.into()
}

/// A packet of the other side; nothing if that ends before.
pub(crate) fn packet(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 4];
    if stream.read_exact(&mut head).is_err() {
        return Vec::new();
    }
    let len = u32::from_le_bytes([head[0], head[1], head[2], 0]);
    read(stream, len.try_into().unwrap()).into()
}

pub(crate) fn read_to_end(stream: &mut TcpStream) -> Bytes {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes.into()
}

/// The error packet that a client gets, and its sequence id.
pub(crate) fn error(stream: &mut TcpStream) -> (u8, ErrPacket) {
    let mut bytes = BytesMut::from(&read_to_end(stream)[..]);
    let head = bytes.split_to(4);
    let error = ErrPacket::from_payload(&bytes.freeze(), Capabilities::PROTOCOL_41).unwrap();
    (head[3], error)
}

/// Plays one side of a recording: sends its lines, and expects those of the other side.
pub(crate) fn play(stream: &mut TcpStream, fixture: &Fixture, side: Direction) {
    // A packet is not to wait for the receipt of the one before.
    stream.set_nodelay(true).unwrap();
    for line in &fixture.lines {
        let wire = line.wire();
        if line.direction == side {
            stream.write_all(&wire).unwrap();
        } else {
            let seen = read(stream, wire.len());
            assert!(seen == wire, "{} bytes are not what was sent", wire.len());
        }
    }
}

pub(crate) fn close_writing(stream: &TcpStream) {
    stream.shutdown(Shutdown::Write).unwrap();
}

/// A conversation that has logged in, after which both sides say what they like.
pub(crate) fn logged_in(front: &Front) -> TcpStream {
    let fixture = recording("mysql-5.6/ping.hex");
    let mut client = front.client();
    for line in fixture.lines.iter().take(3) {
        let wire = line.wire();
        match line.direction {
            Direction::Client => client.write_all(&wire).unwrap(),
            Direction::Server => assert_eq!(read(&mut client, wire.len()), wire),
        }
    }
    client
}

/// A server that lets its client in.
pub(crate) fn lets_in(stream: &mut TcpStream) {
    let fixture = recording("mysql-5.6/ping.hex");
    for line in fixture.lines.iter().take(3) {
        let wire = line.wire();
        match line.direction {
            Direction::Server => stream.write_all(&wire).unwrap(),
            Direction::Client => assert_eq!(read(stream, wire.len()), wire),
        }
    }
}
