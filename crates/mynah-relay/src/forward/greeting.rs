//! Finds out a server's protocol by its first bytes.

use std::io;
use std::mem;
use std::time::Duration;

use bytes::BytesMut;
use mynah_net::Stream;
use mynah_wire::{Header, PacketHeader};
use tokio_util::io::read_buf;

use super::unreached::Unreached;
use crate::{Protocol, x};

/// The first bytes of both sides, and the protocol that they are of.
#[derive(Debug, Default)]
pub(super) struct Greeting {
    pub(super) is_x: bool,
    pub(super) of_client: BytesMut,
    pub(super) of_server: BytesMut,
}

/// Waits for the server to speak, or for a client that speaks first, as those of the X Protocol may: those
/// of the classic one don't, and what else a client sends is the server's to answer. `ahead` was read of
/// the client; it is taken with the greeting, and kept if there is none. Nothing if the client leaves meanwhile.
pub(super) async fn greeting(
    client: &mut Stream,
    server: &mut Stream,
    ahead: &mut BytesMut,
    protocol: Protocol,
    connect_timeout: Duration,
) -> Result<Option<Greeting>, Unreached> {
    let greeting = |is_x, of_client, of_server| {
        Ok(Some(Greeting {
            is_x,
            of_client,
            of_server,
        }))
    };
    // By the X Protocol either side may speak first, so there is nothing to wait for.
    if protocol == Protocol::X {
        return greeting(true, mem::take(ahead), BytesMut::new());
    }
    let mut first = BytesMut::new();
    let mut client_may_speak = protocol == Protocol::Auto;
    let deadline = tokio::time::sleep(connect_timeout);
    let mut deadline = std::pin::pin!(deadline);
    // Both sides are read until one has shown its protocol. The client is only read for `Auto`, and only as
    // long as it may be of the X Protocol; what it has sent is kept for the login.
    while first.len() < ENOUGH {
        if ahead.len() >= ENOUGH {
            if client_may_speak && first.is_empty() && x::is_client_frame(ahead) {
                return greeting(true, mem::take(ahead), first);
            }
            client_may_speak = false;
        }
        tokio::select! {
            read = read_buf(server, &mut first) => match read {
                Ok(0) => return Err(Unreached::Server(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) => return Err(Unreached::Server(error)),
            },
            read = read_buf(client, ahead), if client_may_speak => match read {
                Ok(0) if ahead.is_empty() => return Ok(None),
                Ok(0) => client_may_speak = false,
                Ok(_) => {}
                Err(error) => return Err(Unreached::Client(error)),
            },
            () = &mut deadline => return Err(Unreached::NotGreeted(connect_timeout)),
        }
    }
    match PacketHeader::split(&first) {
        // 9 and 10 are versions of a greeting, 0xff is an error in its place: "Protocol::Handshake".
        Some((PacketHeader { sequence_id: 0, .. }, [9 | 10 | 0xff, ..])) => {
            greeting(false, mem::take(ahead), first)
        }
        _ if protocol == Protocol::Classic => Err(not_mysql(&first)),
        _ if x::is_frame(&first) => greeting(true, mem::take(ahead), first),
        _ => Err(not_mysql(&first)),
    }
}

fn not_mysql(first: &[u8]) -> Unreached {
    let start = first.get(..SHOWN).unwrap_or(first);
    Unreached::NotMysql(format!("it starts with '{}'", start.escape_ascii()))
}

/// How many bytes of a side are enough to recognise its protocol.
const ENOUGH: usize = 5;

/// How many bytes of what is no greeting are shown.
const SHOWN: usize = 16;
