//! What of the X Protocol has to be known to carry it.

use bytes::{BufMut, Bytes, BytesMut};

/// Whether a server's first bytes are a frame of the X Protocol: four bytes of length, and a type
/// that servers send before they are asked anything, a notice or an error.
pub(crate) fn is_frame(first: &[u8]) -> bool {
    let Some((&[a, b, c, d], [kind, ..])) = first.split_first_chunk() else {
        return false;
    };
    let len = u32::from_le_bytes([a, b, c, d]);
    (1..=MOST).contains(&len) && matches!(*kind, ERROR | NOTICE)
}

/// A fatal error, before anybody has logged in: severity, code, SQL state, message.
pub(crate) fn error(code: u16, message: &str) -> Bytes {
    let mut body = BytesMut::new();
    body.put_slice(&[0x08, 1, 0x10]);
    varint(&mut body, code.into());
    body.put_slice(b"\x22\x05HY000\x1a");
    varint(&mut body, message.len() as u64);
    body.put_slice(message.as_bytes());
    let mut frame = BytesMut::new();
    frame.put_u32_le(u32::try_from(body.len() + 1).unwrap_or_default());
    frame.put_u8(ERROR);
    frame.put_slice(&body);
    frame.freeze()
}

fn varint(w: &mut BytesMut, value: u64) {
    let mut rest = value;
    while rest >= 0x80 {
        w.put_u8(u8::try_from(rest & 0x7f).unwrap_or_default() | 0x80);
        rest >>= 7;
    }
    w.put_u8(u8::try_from(rest).unwrap_or_default());
}

const ERROR: u8 = 1;
const NOTICE: u8 = 11;
/// A first frame is never long.
const MOST: u32 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_is_told_by_the_first_bytes() {
        assert!(is_frame(b"\x05\0\0\0\x0b\x08\x05\x1a\0"));
        assert!(is_frame(&error(2003, "no")));
        assert!(!is_frame(b"\x4a\0\0\0\x0a9.7"));
        assert!(!is_frame(b"SSH-2.0"));
        assert!(!is_frame(b"HTTP/1.1 400"));
    }
}
