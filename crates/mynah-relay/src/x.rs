//! The parts of the X Protocol that the proxy reads to forward it.

use bytes::{Bytes, BytesMut};
use mynah_wire::Header;
use mynah_x::status::{Error, Severity};
use mynah_x::{ClientMessageType, FrameHeader, ServerMessage, ServerMessageType};

/// Whether a server's first bytes are a frame of the X Protocol: four bytes of length, and a type
/// that servers send before they are asked anything, a notice or an error.
pub(crate) fn is_frame(first: &[u8]) -> bool {
    let Some((header, [message_type, ..])) = FrameHeader::split(first) else {
        return false;
    };
    (1..=MOST).contains(&header.len)
        && matches!(
            ServerMessageType(*message_type),
            ServerMessageType::ERROR | ServerMessageType::NOTICE
        )
}

/// Whether a client's first bytes are a frame of the X Protocol: the beginning of a login, or of what comes
/// before it.
pub(crate) fn is_client_frame(first: &[u8]) -> bool {
    let Some((header, [message_type, ..])) = FrameHeader::split(first) else {
        return false;
    };
    (1..=MOST_OF_CLIENT).contains(&header.len) && ClientMessageType(*message_type).name().is_some()
}

/// A fatal error.
pub(crate) fn error(code: u16, message: &str) -> Bytes {
    let error = Error {
        severity: Some(Severity::Fatal.into()),
        code: code.into(),
        msg: message.to_owned(),
        sql_state: "HY000".to_owned(),
    };
    let mut frame = BytesMut::new();
    ServerMessage::from(error).put(&mut frame);
    frame.freeze()
}

/// Attributes and tickets make a login long; not so long.
const MOST_OF_CLIENT: u32 = 1024 * 1024;

/// A first frame is never long.
const MOST: u32 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_recognised_by_their_first_bytes() {
        assert!(is_client_frame(b"\x01\0\0\0\x01"));
        assert!(is_client_frame(b"\x10\0\0\0\x04\x0a"));
        for other in [
            &b"\0\0\0\0\x01"[..],
            b"GET / HTTP",
            b"\x16\x03\x01\x02\0",
            b"\x01\0\0\0",
            b"\x20\0\0\x01\x0d",
        ] {
            assert!(!is_client_frame(other), "{}", other.escape_ascii());
        }
    }

    #[test]
    fn the_protocol_is_recognised_by_the_first_bytes() {
        assert!(is_frame(b"\x05\0\0\0\x0b\x08\x05\x1a\0"));
        assert!(is_frame(&error(1105, "no")));
        assert!(!is_frame(b"\x4a\0\0\0\x0a9.7"));
        assert!(!is_frame(b"SSH-2.0"));
        assert!(!is_frame(b"HTTP/1.1 400"));
    }
}
