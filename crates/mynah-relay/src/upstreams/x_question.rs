//! Asks a server of the X Protocol for its capabilities. Such a server need not greet, so this is how it shows that it
//! serves clients.

use std::io;

use bytes::{Bytes, BytesMut};
use mynah_net::Stream;
use mynah_wire::Header;
use mynah_x::status::Error;
use mynah_x::{FrameHeader, Message, ServerMessageType};
use tokio::io::AsyncWriteExt;
use tokio_util::io::read_buf;

use super::Problem;

/// How a server has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By its capabilities.
    Capabilities,
    /// By an error.
    Error(Problem),
    /// By something that isn't of the X Protocol.
    NotX,
}

/// Asks, and waits for the answer. `input` is what was read of the server before, and in the end what is left of what was
/// read: without the capabilities, but with notices.
///
/// # Errors
/// If the server is lost, or closes the connection.
pub(crate) async fn ask_for_capabilities(
    server: &mut Stream,
    input: &mut BytesMut,
) -> io::Result<Answer> {
    server.write_all(CAPABILITIES_GET).await?;
    let mut at = 0;
    loop {
        match next(input, at) {
            Next::Notice(end) => at = end,
            Next::Capabilities(end) => {
                let behind = input.split_off(end);
                input.truncate(at);
                input.extend_from_slice(&behind);
                return Ok(Answer::Capabilities);
            }
            Next::Error(problem) => return Ok(Answer::Error(problem)),
            Next::NotX => return Ok(Answer::NotX),
            Next::Part => {
                if read_buf(server, input).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
    }
}

/// The error in the first frame of a server of the X Protocol, if it is one and there as a whole.
pub(crate) fn of_error_frame(first: &[u8]) -> Option<Problem> {
    match next(first, 0) {
        Next::Error(problem) => Some(problem),
        _ => None,
    }
}

/// The frame at a place of the input, and where it ends.
enum Next {
    Notice(usize),
    Capabilities(usize),
    Error(Problem),
    /// It isn't there as a whole.
    Part,
    NotX,
}

fn next(input: &[u8], at: usize) -> Next {
    let rest = input.get(at..).unwrap_or_default();
    let Some((header, [message_type, payload @ ..])) = FrameHeader::split(rest) else {
        return Next::Part;
    };
    let message_type = ServerMessageType(*message_type);
    let is_expected = [
        ServerMessageType::NOTICE,
        ServerMessageType::CONN_CAPABILITIES,
        ServerMessageType::ERROR,
    ]
    .contains(&message_type);
    let len = header.payload_len();
    if !is_expected || !(1..=MOST).contains(&len) {
        return Next::NotX;
    }
    let Some(payload) = payload.get(..len.saturating_sub(1)) else {
        return Next::Part;
    };
    let end = at.saturating_add(FrameHeader::LEN).saturating_add(len);
    match message_type {
        ServerMessageType::NOTICE => Next::Notice(end),
        ServerMessageType::ERROR => Next::Error(problem(payload)),
        _ => Next::Capabilities(end),
    }
}

fn problem(payload: &[u8]) -> Problem {
    match Error::from_payload(&Bytes::copy_from_slice(payload)) {
        Ok(error) => Problem::error(error.code, &error.msg),
        Err(_) => Problem::new("an error that can't be read"),
    }
}

/// Asks a server for its capabilities.
const CAPABILITIES_GET: &[u8] = b"\x01\0\0\0\x01";

/// No answer to this question is longer.
const MOST: usize = 64 * 1024;
