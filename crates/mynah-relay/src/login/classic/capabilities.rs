//! Changes capability flags in the packets of a login, and leaves all other bytes as their sender wrote them.

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_wire::Message;
use mynah_wire::compress::Algorithm;

/// Says in a greeting of version 10 whether TLS is offered.
pub(super) fn offer_tls(greeting: &mut BytesMut, offered: bool) {
    if let Some(at) = place(greeting) {
        set(greeting, at, offered);
    }
}

/// Says in a greeting of version 10 that compression isn't offered.
pub(super) fn offer_no_compression(greeting: &mut BytesMut) {
    if let Some(at) = place(greeting) {
        // Character set and status stand between the halves.
        without_compression(greeting, at, at + 2 + 1 + 2);
    }
}

/// Says in a handshake response that the client doesn't compress.
pub(super) fn use_no_compression(response: &mut BytesMut) {
    without_compression(response, 0, 2);
}

/// The position of the capability flags in a greeting.
fn place(greeting: &[u8]) -> Option<usize> {
    // Version, version's name and its NUL, thread id, first part of the nonce, filler.
    let name = greeting.iter().skip(1).position(|&byte| byte == 0)?;
    Some(1 + name + 1 + 4 + 8 + 1)
}

/// Clears COMPRESS (bit 5) and ZSTD_COMPRESSION_ALGORITHM (bit 26). `lower` and `upper` are the positions of
/// the two halves of the flags.
fn without_compression(payload: &mut BytesMut, lower: usize, upper: usize) {
    for (at, bit) in [(lower, 0x20), (upper + 1, 0x04)] {
        if let Some(byte) = payload.get_mut(at) {
            *byte &= !bit;
        }
    }
}

/// Says in a handshake response, or a request for TLS, whether the client is under TLS.
pub(super) fn use_tls(response: &mut BytesMut, used: bool) {
    set(response, 0, used);
}

/// The request for TLS of a client that says this of itself.
pub(super) fn ssl_request(response: &[u8]) -> Option<BytesMut> {
    let mut request = BytesMut::from(response.get(..SslRequest::LEN)?);
    use_tls(&mut request, true);
    Some(request)
}

/// How both sides compress from the end of the login on, if they do: zlib before zstd, as servers
/// have it.
pub(super) fn compression(greeting: &HandshakeV10, response: &[u8]) -> Option<Algorithm> {
    let response = Bytes::copy_from_slice(response);
    let (response, _rest) = HandshakeResponse41::from_payload_lenient(&response, ()).ok()?;
    let shared = greeting.capabilities & response.capabilities;
    if shared.contains(Capabilities::COMPRESS) {
        Some(Algorithm::Zlib)
    } else if shared.contains(Capabilities::ZSTD_COMPRESSION_ALGORITHM) {
        let level = response.zstd_compression_level;
        Some(Algorithm::Zstd(level.clamp(1, ZSTD_MOST)))
    } else {
        None
    }
}

/// Sets or clears SSL (bit 11).
fn set(payload: &mut BytesMut, at: usize, value: bool) {
    if let Some(byte) = payload.get_mut(at + 1) {
        if value {
            *byte |= 0x08;
        } else {
            *byte &= !0x08;
        }
    }
}

/// The greatest level of zstd.
const ZSTD_MOST: u8 = 22;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_of_a_greeting_changes() {
        let greeting = HandshakeV10 {
            server_version: "9.7.4".into(),
            thread_id: 0x0801_0203,
            auth_plugin_data: Bytes::from_static(b"01234567890123456789"),
            capabilities: Capabilities::from_halves(0xdfff_f7ff, 0x1d),
            character_set: 255,
            status_flags: Default::default(),
            auth_plugin_name: "caching_sha2_password".into(),
        };
        let mut payload = BytesMut::from(&greeting.to_payload(()).unwrap()[..]);
        offer_tls(&mut payload, true);
        let changed = HandshakeV10::from_payload(&payload.clone().freeze(), ()).unwrap();
        let capabilities = greeting.capabilities | Capabilities::SSL;
        assert_eq!(
            changed,
            HandshakeV10 {
                capabilities,
                ..greeting.clone()
            }
        );
        offer_tls(&mut payload, false);
        assert_eq!(
            HandshakeV10::from_payload(&payload.clone().freeze(), ()),
            Ok(greeting.clone())
        );
        offer_no_compression(&mut payload);
        let compression = Capabilities::COMPRESS | Capabilities::ZSTD_COMPRESSION_ALGORITHM;
        let capabilities = greeting.capabilities - compression;
        assert_eq!(
            HandshakeV10::from_payload(&payload.freeze(), ()),
            Ok(HandshakeV10 {
                capabilities,
                ..greeting
            })
        );
    }
}
