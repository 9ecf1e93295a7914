//! A login of sides that compress, and what follows it.

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10};
use mynah_wire::{HEADER_LEN, Message, Splitter};

use super::recording;

pub(crate) const OK: &[u8] = b"\0\0\0\x02\0\0\0";

/// The first three payloads of a login, of sides that compress or don't.
pub(crate) fn login(compressed: bool) -> [Bytes; 3] {
    let compression = match compressed {
        true => Capabilities::COMPRESS,
        false => Capabilities::empty(),
    };
    let fixture = recording("mysql-5.6/ping.hex");
    let payload = |line: usize| fixture.lines[line].wire().slice(HEADER_LEN..);
    let mut greeting = HandshakeV10::from_payload(&payload(0), ()).unwrap();
    greeting.capabilities -= Capabilities::COMPRESS;
    greeting.capabilities |= compression;
    let mut response = HandshakeResponse41::from_payload(&payload(1), ()).unwrap();
    response.capabilities -= Capabilities::COMPRESS;
    response.capabilities |= compression;
    let response = response.to_payload(()).unwrap();
    [greeting.to_payload(()).unwrap(), response, OK.into()]
}

/// A payload as it crosses the wire after the login.
pub(crate) fn wire(compressed: bool, sequence_id: u8, payload: &[u8]) -> Bytes {
    let mut wire = BytesMut::new();
    if compressed {
        let len = u8::try_from(payload.len() + HEADER_LEN).unwrap();
        wire.extend_from_slice(&[len, 0, 0, sequence_id, 0, 0, 0]);
    }
    Splitter::new(sequence_id).payload(&mut wire, payload);
    wire.freeze()
}
