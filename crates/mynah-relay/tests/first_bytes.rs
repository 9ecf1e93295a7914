//! Clients whose first bytes are no login: they get the error that the server sends without the proxy.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use mynah_net::TlsMode;
use mynah_relay::Protocol;
use mynah_testkit::servers::{RealServer, Server};
use support::server::{server, x_server};
use support::{Front, front, read};

/// What is no packet of a login by its header alone.
const NO_PACKETS: [&[u8]; 7] = [
    b"GET / HTTP/1.1\r\nHost: db\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2p1\r\n",
    // A ClientHello has its length where a packet has its sequence id.
    b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    PROXY_V1,
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x0a\x01\x02\x03\x0a\0\0\x01\x12\x67\x0c\xea",
    // CapabilitiesGet, and a login, of the X Protocol.
    b"\x01\0\0\0\x01",
    X_LOGIN,
];

const X_LOGIN: &[u8] = b"\x0a\0\0\0\x04\x0a\x05PLAIN\x12\0";

const PROXY_V1: &[u8] = b"PROXY TCP4 10.1.2.3 10.0.0.1 4711 3306\r\n";

/// What no frame of the X Protocol is.
const NO_FRAMES: [&[u8]; 4] = [
    b"\0\0\0\0",
    b"\0\0\0\0\x01\0\0\0\x01",
    b"GET / HTTP/1.1\r\nHost: db\r\n\r\n",
    // 128 MiB of a message.
    b"\0\0\0\x08\x01abc",
];

/// All that a side says to these bytes, also if it resets the connection then.
fn answer(port: u16, bytes: &[u8], greeted_first: bool) -> (Vec<u8>, Vec<u8>) {
    let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut greeting = Vec::new();
    let mut rest = Vec::new();
    let packet = |client: &mut TcpStream| {
        let header = read(client, 4);
        let len = usize::from(header[0]) + 256 * usize::from(header[1]);
        [header, read(client, len)].concat()
    };
    if greeted_first {
        greeting = packet(&mut client);
    }
    client.write_all(bytes).unwrap();
    if !greeted_first {
        greeting = packet(&mut client);
    }
    let mut buffer = [0; 1024];
    while let Ok(len @ 1..) = client.read(&mut buffer) {
        rest.extend_from_slice(&buffer[..len]);
    }
    (greeting, rest)
}

fn fronts(port: u16) -> [(&'static str, Front); 3] {
    [
        ("as it is", front(port, |_| {})),
        (
            "TLS passes through",
            front(port, |options| options.tls.passthrough = true),
        ),
        (
            "TLS is required",
            front(port, |options| {
                options.tls.client = Some(TlsMode::Required);
                options.tls.server = Some(TlsMode::Preferred);
            }),
        ),
    ]
}

/// The answer is the same, whether the client waits for the greeting or doesn't.
fn classic(name: &str, address: SocketAddr) {
    for (how, front) in fronts(address.port()) {
        for bytes in NO_PACKETS {
            for greeted_first in [false, true] {
                let what = format!("{name}, {how}: {} {greeted_first}", bytes.escape_ascii());
                if how == "TLS is required" && bytes == X_LOGIN && !greeted_first {
                    // The X Protocol has an error for such a client: it needs TLS.
                    continue;
                }
                let (_, direct) = answer(address.port(), bytes, greeted_first);
                let (greeting, through) = answer(front.port, bytes, greeted_first);
                assert_eq!(greeting[4], 10, "{what}");
                let of_server = direct.escape_ascii().to_string();
                // MariaDB and the mock say more of what they know, which the proxy doesn't pass on.
                let knows = ["Proxy header is not accepted", "has a port of its own"];
                let is_1156 = through[3..7] == [1, 0xff, 0x84, 0x04];
                if !(is_1156 && knows.iter().any(|words| of_server.contains(words))) {
                    assert_eq!(through.escape_ascii().to_string(), of_server, "{what}");
                }
            }
        }
    }
}

fn x(name: &str, address: SocketAddr, protocols: &[Protocol]) {
    for protocol in protocols {
        let front = front(address.port(), |options| {
            options.routes[0].protocol = *protocol;
        });
        for bytes in NO_FRAMES {
            for greeted_first in [false, true] {
                let what = format!(
                    "{name}, {protocol:?}: {} {greeted_first}",
                    bytes.escape_ascii()
                );
                let direct = answer(address.port(), bytes, greeted_first);
                let through = answer(front.port, bytes, greeted_first);
                assert_eq!(through, direct, "{what}");
            }
        }
    }
}

#[test]
fn what_is_no_packet_is_answered_as_by_the_server() {
    let server = server("mysql_native_password", TlsMode::Preferred);
    classic(
        "ours",
        SocketAddr::from(([127, 0, 0, 1], server.addresses()[0].port())),
    );
}

#[test]
fn what_is_no_frame_is_answered_as_by_the_server() {
    let server = x_server(TlsMode::Preferred);
    let address = SocketAddr::from(([127, 0, 0, 1], server.addresses()[0].port()));
    x("ours", address, &[Protocol::Auto, Protocol::X]);
}

/// Where it is said that the X Protocol is spoken, and it isn't.
#[test]
fn a_classic_server_on_a_route_of_the_x_protocol_is_named() {
    let server = server("mysql_native_password", TlsMode::Preferred);
    let front = front(server.addresses()[0].port(), |options| {
        options.routes[0].protocol = Protocol::X;
    });
    let mut client = front.client();
    client.write_all(b"\x01\0\0\0\x01").unwrap();
    let received = support::read_to_end(&mut client);
    let received = received.escape_ascii().to_string();
    assert!(
        received.contains("it speaks the classic protocol (--protocol)"),
        "{received}"
    );
}

#[test]
#[ignore = "fetches and starts real servers"]
fn what_is_no_login_is_answered_as_by_real_servers() {
    for kind in [
        RealServer::MySql97,
        RealServer::MariaDb118,
        RealServer::MariaDb1011,
    ] {
        let server = match Server::start(kind) {
            Ok(server) => server,
            Err(reason) => {
                println!("{kind}: skipped: {reason}");
                continue;
            }
        };
        classic(&kind.to_string(), server.address());
        if let Some(address) = server.x_address() {
            x(&kind.to_string(), address, &[Protocol::Auto, Protocol::X]);
        }
    }
}
