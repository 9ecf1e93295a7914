//! What a server speaks is told by what it says first.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use mynah_net::Stream;
use tokio_util::io::read_buf;

use crate::refusal::Refusal;
use crate::{Failure, Protocol, x};

/// What the server said first.
pub(super) enum Greeting {
    Classic(BytesMut),
    X(BytesMut),
    /// The client spoke before the server did.
    ClientFirst(BytesMut),
    /// The client left before the server spoke.
    Gone,
}

/// Waits for somebody to speak.
pub(super) async fn greeting(
    client: &mut Stream,
    server: &mut Stream,
    protocol: Protocol,
    patience: Duration,
    name: &str,
) -> Result<Greeting, Failure> {
    if protocol == Protocol::X {
        return Ok(Greeting::X(BytesMut::new()));
    }
    let (mut first, mut ahead) = (BytesMut::new(), BytesMut::new());
    let deadline = tokio::time::sleep(patience);
    let mut deadline = std::pin::pin!(deadline);
    while first.len() < ENOUGH_TO_TELL {
        tokio::select! {
            read = read_buf(server, &mut first) => match read {
                Ok(0) => return Err(Failure::Server(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) => return Err(Failure::Server(error)),
            },
            read = read_buf(client, &mut ahead), if protocol == Protocol::Auto => match read {
                Ok(0) => return Ok(Greeting::Gone),
                // What is sent ahead of a greeting that is on its way would be lost else.
                Ok(_) if first.is_empty() => return Ok(Greeting::ClientFirst(ahead)),
                Ok(_) => return Err(Failure::Client(io::ErrorKind::InvalidData.into())),
                Err(error) => return Err(Failure::Client(error)),
            },
            () = &mut deadline => {
                let why = late(&format!("the server at '{name}' did not greet"), patience);
                return Err(Failure::Told(Refusal::late(&why)));
            }
        }
    }
    match first.get(..ENOUGH_TO_TELL) {
        Some([_, _, _, 0, 9 | 10 | 0xff]) => Ok(Greeting::Classic(first)),
        _ if protocol == Protocol::Classic => Err(Failure::Told(not_mysql(name, &first))),
        _ if x::is_frame(&first) => Ok(Greeting::X(first)),
        _ => Err(Failure::Told(not_mysql(name, &first))),
    }
}

pub(super) fn late(what: &str, patience: Duration) -> String {
    format!("{what} within {} s", patience.as_secs_f32())
}

fn not_mysql(name: &str, first: &[u8]) -> Refusal {
    let start = first.get(..SHOWN).unwrap_or(first);
    Refusal::not_mysql(name, &format!("it starts with '{}'", start.escape_ascii()))
}

/// How many bytes of a server are looked at to tell what it speaks.
const ENOUGH_TO_TELL: usize = 5;

/// How many bytes of what is no greeting are shown.
const SHOWN: usize = 16;
