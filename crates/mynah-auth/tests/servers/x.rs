use std::net::SocketAddr;

use mynah_auth::Channel;
use mynah_auth::x::{ClientExchange, Mechanism};
use mynah_testkit::servers::SCHEMA;

use crate::stream::{Stream, connect, read, start_tls};

/// Whether the user `sha2` can log in.
pub(crate) fn log_in(
    address: SocketAddr,
    mechanism: Mechanism,
    password: &str,
    channel: Channel,
) -> bool {
    let mut tcp = connect(address);
    let schema = SCHEMA.as_bytes();
    let exchange = ClientExchange::new(mechanism, schema, b"sha2", password, channel).unwrap();
    let mut stream: Box<dyn Stream> = match channel {
        Channel::Insecure => Box::new(tcp),
        Channel::Local => unreachable!("logins go over TCP here"),
        Channel::Tls => {
            // CapabilitiesSet { tls: true }
            let tls = b"\x0a\x11\x0a\x0f\x0a\x03tls\x12\x08\x08\x01\x12\x04\x08\x07\x40\x01";
            send(&mut tcp, 2, tls);
            assert_eq!(message(&mut tcp).0, 0, "Ok");
            Box::new(start_tls(tcp))
        }
    };
    let mut start = field(1, mechanism.name().as_bytes());
    if let Some(data) = exchange.start() {
        start.extend(field(2, &data));
    }
    send(&mut *stream, 4, &start);
    loop {
        match message(&mut *stream) {
            (3, data) => {
                let answer = exchange.handle(&data[2..]).unwrap();
                send(&mut *stream, 5, &field(1, &answer));
            }
            (4, _) => return true,
            (kind, error) => {
                assert_eq!(kind, 1, "Error: {}", error.escape_ascii());
                return false;
            }
        }
    }
}

/// A field of bytes, encoded.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let len = u8::try_from(bytes.len()).unwrap();
    assert!(len < 128);
    [&[number << 3 | 2, len], bytes].concat()
}

/// The next message that isn't a notice.
fn message(stream: &mut dyn Stream) -> (u8, Vec<u8>) {
    loop {
        let header = read(stream, 5);
        let len = u32::from_le_bytes(*header.first_chunk().unwrap());
        let payload = read(stream, usize::try_from(len).unwrap() - 1);
        if header[4] != 11 {
            return (header[4], payload);
        }
    }
}

fn send(stream: &mut dyn Stream, kind: u8, payload: &[u8]) {
    let len = u32::try_from(payload.len() + 1).unwrap().to_le_bytes();
    stream
        .write_all(&[&len, &[kind][..], payload].concat())
        .unwrap();
}
