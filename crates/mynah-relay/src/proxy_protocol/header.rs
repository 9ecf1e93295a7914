use std::net::SocketAddr;

use bytes::{Buf, Bytes, BytesMut};
use proxy_header::{Error, ParseConfig, ProxiedAddress, ProxyHeader};

/// A version of the PROXY protocol's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyVersion {
    /// Version 1: a line of text.
    V1,
    /// Version 2: binary.
    V2,
}

/// Both ends of a client's connection, as the client sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) client: SocketAddr,
    pub(crate) server: SocketAddr,
}

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Introduction {
    /// The client's address and the address that it connected to.
    Of(Ends),
    /// The connection is the load balancer's own, such as a health check, or doesn't come by TCP.
    OfSender,
}

/// Bytes that are no header, and won't become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoHeader;

/// Cuts a header off what was read; nothing while it isn't there as a whole.
pub(crate) fn cut(input: &mut BytesMut) -> Result<Option<Introduction>, NoHeader> {
    // As many bytes as are there: the start of a header may come alone.
    let begins = |with: &[u8]| with.iter().zip(&input[..]).all(|(a, b)| a == b);
    if !begins(V1) && !begins(V2) {
        return Err(NoHeader);
    }
    let config = ParseConfig {
        include_tlvs: false,
        ..ParseConfig::default()
    };
    let (introduction, len) = match ProxyHeader::parse(input, config) {
        Ok((header, len)) => (header.proxied_address().map(Ends::from), len),
        Err(Error::BufferTooShort) if !is_whole(input) => return Ok(None),
        Err(_) => return Err(NoHeader),
    };
    input.advance(len);
    Ok(Some(
        introduction.map_or(Introduction::OfSender, Introduction::Of),
    ))
}

/// Whether the header is complete; version 2 has its length in it.
fn is_whole(input: &[u8]) -> bool {
    match (input.starts_with(V2), input.get(LENGTH_AT..LENGTH_AT + 2)) {
        (true, Some(&[high, low])) => {
            input.len() >= LENGTH_AT + 2 + usize::from(u16::from_be_bytes([high, low]))
        }
        _ => false,
    }
}

impl ProxyVersion {
    /// A header in front of a client's connection, whose ends aren't known where it isn't TCP.
    pub(crate) fn header(self, ends: Option<Ends>) -> Bytes {
        let header = match ends.map(Ends::in_one_family) {
            Some(Ends { client, server }) => {
                ProxyHeader::with_address(ProxiedAddress::stream(client, server))
            }
            None => ProxyHeader::with_local(),
        };
        let mut wire = Vec::new();
        let written = match self {
            Self::V1 => header.encode_v1(&mut wire),
            Self::V2 => header.encode_v2(&mut wire),
        };
        debug_assert!(written.is_ok(), "both addresses are of one family");
        wire.into()
    }
}

impl Ends {
    /// Both addresses in one family, as headers need them: a listener for both families sees IPv4 addresses
    /// in the form of IPv6.
    fn in_one_family(self) -> Self {
        let canonical =
            |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
        let (client, server) = (canonical(self.client), canonical(self.server));
        if client.is_ipv4() == server.is_ipv4() {
            return Self { client, server };
        }
        let mapped = |address: SocketAddr| match address {
            SocketAddr::V4(v4) => SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port()),
            SocketAddr::V6(_) => address,
        };
        Self {
            client: mapped(client),
            server: mapped(server),
        }
    }
}

impl From<&ProxiedAddress> for Ends {
    fn from(address: &ProxiedAddress) -> Self {
        Self {
            client: address.source,
            server: address.destination,
        }
    }
}

const V1: &[u8] = b"PROXY ";
const V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// Behind what a header of version 2 begins with, its version and its family.
const LENGTH_AT: usize = V2.len() + 2;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ends(client: &str, server: &str) -> Ends {
        Ends {
            client: client.parse().unwrap(),
            server: server.parse().unwrap(),
        }
    }

    #[test]
    fn a_header_is_read_as_it_was_written_however_it_is_cut() {
        let all = [
            Some(ends("10.1.2.3:4711", "10.0.0.1:3306")),
            Some(ends("[2001:db8::1]:4711", "[2001:db8::2]:3306")),
            None,
        ];
        for ends in all {
            for version in [ProxyVersion::V1, ProxyVersion::V2] {
                let header = version.header(ends);
                let mut input = BytesMut::new();
                for (at, byte) in header.iter().enumerate() {
                    assert_eq!(cut(&mut input), Ok(None), "{at} bytes of {header:?}");
                    input.extend_from_slice(&[*byte]);
                }
                input.extend_from_slice(b"rest");
                let expected = ends.map_or(Introduction::OfSender, Introduction::Of);
                assert_eq!(cut(&mut input), Ok(Some(expected)));
                assert_eq!(input, "rest");
            }
        }
    }

    /// The examples of the specification.
    #[test]
    fn headers_are_as_they_are_specified() {
        let v4 = Some(ends("[::ffff:192.168.0.1]:56324", "192.168.0.11:443"));
        let line = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n";
        assert_eq!(ProxyVersion::V1.header(v4), line);
        let mixed = Some(ends("192.168.0.1:56324", "[2001:db8::2]:443"));
        let line = "PROXY TCP6 ::ffff:192.168.0.1 2001:db8::2 56324 443\r\n";
        assert_eq!(ProxyVersion::V1.header(mixed), line);
        assert_eq!(ProxyVersion::V1.header(None), "PROXY UNKNOWN\r\n");
        let binary =
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\xa8\0\x01\xc0\xa8\0\x0b\xdc\x04\x01\xbb";
        assert_eq!(ProxyVersion::V2.header(v4), &binary[..]);
    }

    #[test]
    fn what_is_no_header_is_recognised_as_soon_as_it_can_be() {
        for text in [
            &b"GET / HTTP/1.1\r\n"[..],
            b"PROXX",
            b"\x16\x03\x01\x02\0",
            b"PROXY TCP9 1.1.1.1 2.2.2.2 1 2\r\n",
            b"PROXY TCP4 1.1.1 2.2.2.2 1 2\r\n",
            b"PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n",
            // A version that does not exist, and addresses that aren't there.
            b"\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x0c\xc0\xa8\0\x01\xc0\xa8\0\x0b\xdc\x04\x01\xbb",
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\0",
            &[&b"PROXY UNKNOWN "[..], &[b'x'; 100]].concat(),
        ] {
            assert_eq!(
                cut(&mut text.into()),
                Err(NoHeader),
                "{}",
                text.escape_ascii()
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_a_header_or_is_none(
            start in prop_oneof![Just(V1), Just(V2), Just(&b"PROXY TCP4 "[..])],
            rest in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let mut input = BytesMut::from(&[start, &rest].concat()[..]);
            let _whatever = cut(&mut input);
        }
    }
}
