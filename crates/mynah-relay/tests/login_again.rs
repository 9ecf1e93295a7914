//! COM_CHANGE_USER that the proxy has a part in and has to refuse: the client gets the reason, in frames
//! where the connection is compressed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::ErrPacket;
use mynah_relay::Address;
use mynah_wire::compress::{Algorithm, FrameCodec, Inflator};
use mynah_wire::{HEADER_LEN, Message};
use support::frames::{login, wire};
use support::{backend, front, json_trace, read, read_to_end};
use tokio_util::codec::Decoder;

const CHANGE_USER: &[u8] = b"\x11ada\0\0\0\x2d\0";
const SWITCH: &[u8] = b"\xfecaching_sha2_password\x0001234567890123456789\0";
const SCRAMBLE: &[u8] = &[7; 32];
const FULL_AUTHENTICATION: &[u8] = b"\x01\x04";

/// What a server does once it has the password, or what the client sent in its place.
#[derive(Clone, Copy, Debug)]
enum Then {
    IsSilent,
    SendsNoKey,
}

/// The packet that crossed the wire after the login.
fn plain(compressed: bool, wire: &[u8]) -> Bytes {
    if !compressed {
        return Bytes::copy_from_slice(wire);
    }
    let (mut wire, mut plain) = (BytesMut::from(wire), BytesMut::new());
    let frame = FrameCodec.decode(&mut wire).unwrap().unwrap();
    let mut inflator = Inflator::new(Algorithm::Zlib);
    inflator.inflate(&frame, &mut plain).unwrap();
    plain.freeze()
}

fn serve(mut stream: TcpStream, compressed: bool, then: Then) {
    let [greeting, response, ok] = login(compressed);
    stream.write_all(&wire(false, 0, &greeting)).unwrap();
    let response = wire(false, 1, &response);
    assert_eq!(read(&mut stream, response.len()), response);
    stream.write_all(&wire(false, 2, &ok)).unwrap();
    let asked = wire(compressed, 0, CHANGE_USER);
    assert_eq!(read(&mut stream, asked.len()), asked);
    stream.write_all(&wire(compressed, 1, SWITCH)).unwrap();
    let scramble = wire(compressed, 2, SCRAMBLE);
    assert_eq!(read(&mut stream, scramble.len()), scramble);
    let full = wire(compressed, 3, FULL_AUTHENTICATION);
    stream.write_all(&full).unwrap();
    // The proxy asks for a key.
    let asked = wire(compressed, 4, &[2]);
    assert_eq!(read(&mut stream, asked.len()), asked);
    match then {
        Then::IsSilent => {
            read_to_end(&mut stream);
        }
        Then::SendsNoKey => {
            let none = wire(compressed, 5, b"\x01this is no key");
            stream.write_all(&none).unwrap();
            read_to_end(&mut stream);
        }
    }
}

#[test]
fn its_client_gets_the_reason() {
    for compressed in [false, true] {
        for (then, code, why) in [
            (Then::IsSilent, 1159, "the server did not answer the login"),
            (Then::SendsNoKey, 1105, "key"),
        ] {
            let what = format!("{then:?}, {compressed}");
            let folder = tempfile::tempdir().unwrap();
            let (path, trace) = (folder.path().join("socket"), folder.path().join("trace"));
            let backend = backend(move |stream| serve(stream, compressed, then));
            // What doesn't leave the machine may have passwords in clear, and the rest may not.
            let front = front(backend.port, |options| {
                options.routes[0].listen = Address::Unix(path.clone());
                options.login_timeout = Duration::from_millis(500);
                options.trace = Some(json_trace(&trace, 4));
            });
            let mut client = UnixStream::connect(&path).unwrap();
            let mut hearing = client.try_clone().unwrap();
            let mut hears = |wire: Bytes| {
                let mut heard = vec![0; wire.len()];
                hearing.read_exact(&mut heard).unwrap();
                assert_eq!(heard, wire, "{what}");
            };
            let [greeting, response, ok] = login(compressed);
            hears(wire(false, 0, &greeting));
            client.write_all(&wire(false, 1, &response)).unwrap();
            hears(wire(false, 2, &ok));
            client.write_all(&wire(compressed, 0, CHANGE_USER)).unwrap();
            hears(wire(compressed, 1, SWITCH));
            client.write_all(&wire(compressed, 2, SCRAMBLE)).unwrap();
            hears(wire(compressed, 3, FULL_AUTHENTICATION));
            let password = wire(compressed, 4, b"throw-away\0");
            client.write_all(&password).unwrap();

            let mut received = Vec::new();
            client.read_to_end(&mut received).unwrap();
            // Of the frame, or of the packet.
            assert_eq!(received[HEADER_LEN - 1], 5, "{what}");
            let error = plain(compressed, &received).slice(HEADER_LEN..);
            let error = ErrPacket::from_payload(&error, Capabilities::PROTOCOL_41).unwrap();
            assert_eq!(error.error_code, code, "{what}");
            let message = String::from_utf8_lossy(&error.error_message).into_owned();
            assert!(message.contains(why), "{what}: {message}");
            drop((client, hearing));
            backend.join();
            assert!(front.relay.shut_down(Duration::from_secs(10)));
            let trace = std::fs::read_to_string(&trace).unwrap();
            assert!(trace.contains(&format!("{code}")), "{what}: {trace}");
            assert!(!trace.contains("cut off"), "{what}: {trace}");
        }
    }
}
