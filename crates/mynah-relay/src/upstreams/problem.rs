use std::io;

use bytes::{Buf, Bytes, BytesMut};
use mynah_classic::error_code;
use mynah_net::Stream;
use mynah_wire::{Header, PacketHeader};
use tokio_util::io::read_buf;

use super::x_question;

/// Why an upstream can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// In words.
    pub(crate) why: String,
    /// Whether it only has too many connections, as its error 1040 says.
    pub(crate) is_full: bool,
    /// Whether it is the proxy's own machine that can't connect, for want of descriptors, say.
    is_local: bool,
    /// Whether it refuses an address, as its errors 1129 and 1130 say.
    pub(crate) refuses_address: bool,
    /// Whether this address is one client's.
    is_of_client: bool,
}

impl Problem {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            is_full: false,
            is_local: false,
            refuses_address: false,
            is_of_client: false,
        }
    }

    /// It can't be connected to.
    pub(crate) fn connecting(error: &io::Error) -> Self {
        let is_local = match error.raw_os_error() {
            // ENFILE and EMFILE.
            Some(23 | 24) => true,
            Some(_) => matches!(
                error.kind(),
                io::ErrorKind::AddrNotAvailable | io::ErrorKind::OutOfMemory
            ),
            None => false,
        };
        Self {
            is_local,
            ..Self::new(error.to_string())
        }
    }

    /// Whether it can't be used by other connections either.
    pub(crate) fn is_down(&self) -> bool {
        !self.is_full && !self.is_local && !self.is_of_client
    }

    /// The upstream was told the client's address, so that it is this one that it may refuse.
    pub(crate) fn of_client_address(self) -> Self {
        Self {
            is_of_client: self.refuses_address,
            ..self
        }
    }

    /// A server's error in place of a greeting.
    pub(crate) fn error(code: u32, message: &str) -> Self {
        Self {
            is_full: code == u32::from(error_code::ER_CON_COUNT_ERROR),
            refuses_address: REFUSES_ADDRESS.contains(&code),
            ..Self::new(printable(&format!("error {code}: {message}")))
        }
    }
}

/// The error in the first packet of a server of the classic protocol; `None` if it is a greeting.
pub(crate) fn of_error_packet(first: &[u8]) -> Option<Problem> {
    let (header, payload) = PacketHeader::split(first)?;
    let whole = payload.get(..header.payload_len()).unwrap_or(payload);
    let mut rest = Bytes::copy_from_slice(whole.strip_prefix(&[0xff])?);
    let code = rest.try_get_u16_le().unwrap_or_default();
    // Before the login, servers may leave out the SQL state.
    if rest.first() == Some(&b'#') {
        rest.advance(rest.len().min(6));
    }
    Some(Problem::error(code.into(), &String::from_utf8_lossy(&rest)))
}

/// Whether the first packet of a server of the classic protocol is an error that isn't there as a whole.
fn is_part_of_error(first: &[u8]) -> bool {
    let Some((header, [0xff, payload @ ..])) = PacketHeader::split(first) else {
        return false;
    };
    payload.len().saturating_add(1) < header.payload_len().min(MOST_ERROR)
}

/// Reads an error in place of a greeting to its end, if the server has begun one. One that ends too early is read as far
/// as it goes.
pub(crate) async fn read_error(
    server: &mut Stream,
    first: &mut BytesMut,
    is_x: bool,
) -> io::Result<()> {
    let is_part = match is_x {
        true => x_question::is_part_of_error,
        false => is_part_of_error,
    };
    while is_part(first) && read_buf(server, first).await? > 0 {}
    Ok(())
}

/// Without characters that would change a terminal.
pub(super) fn printable(text: &str) -> String {
    let show = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(show).collect()
}

/// Whether a server that refuses a login by this error refuses all of them, rather than one account.
pub(crate) fn serves_none(code: u32) -> bool {
    SERVES_NONE.map(u32::from).contains(&code)
}

const SERVES_NONE: [u16; 3] = [
    error_code::ER_CON_COUNT_ERROR,
    error_code::ER_SERVER_SHUTDOWN,
    ER_SERVER_OFFLINE_MODE,
];

/// Only administrators may log in.
const ER_SERVER_OFFLINE_MODE: u16 = 3032;

/// ER_HOST_IS_BLOCKED and ER_HOST_NOT_PRIVILEGED.
const REFUSES_ADDRESS: [u32; 2] = [1129, 1130];

/// No more is read of an error.
const MOST_ERROR: usize = 4096;

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn an_error_that_comes_in_pieces_is_read_to_its_end() {
        let error = b"\x17\0\0\0\xff\x10\x04Too many connections";
        for cut in 5..error.len() {
            let (mut server, mut other) = Stream::in_memory(64, false);
            let mut first = BytesMut::from(&error[..cut]);
            other.write_all(&error[cut..]).await.unwrap();
            read_error(&mut server, &mut first, false).await.unwrap();
            let problem = of_error_packet(&first).unwrap();
            assert_eq!(problem.why, "error 1040: Too many connections");
            assert!(problem.is_full, "{cut}");
        }
    }

    #[test]
    fn only_what_is_the_upstreams_fault_makes_it_down() {
        let of_system = |number| Problem::connecting(&io::Error::from_raw_os_error(number));
        for (problem, is_down) in [
            (of_system(111), true),
            (of_system(24), false),
            (of_system(99), false),
            // A name that has no address.
            (
                Problem::connecting(&io::ErrorKind::AddrNotAvailable.into()),
                true,
            ),
            (Problem::error(1129, "blocked"), true),
            (Problem::error(1040, "full"), false),
            (Problem::error(1129, "blocked").of_client_address(), false),
            (
                Problem::error(1130, "not allowed").of_client_address(),
                false,
            ),
            (Problem::error(1053, "shutdown").of_client_address(), true),
        ] {
            assert_eq!(problem.is_down(), is_down, "{problem:?}");
        }
    }

    #[test]
    fn an_error_in_place_of_a_greeting_is_told_from_one() {
        for (first, expected) in [
            (&b"\x4a\0\0\0\x0a9.7.4\0"[..], None),
            (
                b"\x17\0\0\0\xff\x10\x04Too many connections",
                Some(("error 1040: Too many connections", true)),
            ),
            (
                b"\x17\0\0\0\xff\x69\x04#HY000blocked\x1b[2J",
                Some(("error 1129: blocked\\u{1b}[2J", false)),
            ),
            (b"\x17\0\0\0\xff", Some(("error 0: ", false))),
        ] {
            let found = of_error_packet(first);
            let found = found.as_ref();
            let found = found.map(|problem| (&*problem.why, problem.is_full));
            assert_eq!(found, expected);
        }
    }
}
