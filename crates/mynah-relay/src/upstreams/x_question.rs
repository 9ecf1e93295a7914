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
            Next::Part if input.len() > MOST_INPUT => return Ok(Answer::NotX),
            Next::Part => {
                if read_buf(server, input).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
    }
}

/// The error in the first frames of a server of the X Protocol, which may be behind notices; if there is one, as a whole.
pub(crate) fn of_error_frame(first: &[u8]) -> Option<Problem> {
    match behind_notices(first) {
        Next::Error(problem) => Some(problem),
        _ => None,
    }
}

/// Whether the first frames of a server may have an error that isn't there as a whole.
pub(super) fn is_part_of_error(first: &[u8]) -> bool {
    let mut rest = first;
    while FrameHeader::cut(&mut rest).is_some() {}
    // Behind whole notices, nothing more need come.
    !rest.is_empty() && matches!(behind_notices(first), Next::Part) && first.len() <= MOST_INPUT
}

/// What is behind the notices at the start.
fn behind_notices(first: &[u8]) -> Next {
    let mut at = 0;
    loop {
        match next(first, at) {
            Next::Notice(end) => at = end,
            next => return next,
        }
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

/// No more than this is read for an answer, with the notices before it.
const MOST_INPUT: usize = 2 * MOST;

#[cfg(test)]
mod tests {
    use mynah_net::Stream;

    use super::*;

    const ERROR: &[u8] = b"\x1f\0\0\0\x01\x08\x02\x10\x90\x08\x1a\x10too many clients\x22\x0508004";
    const NOTICE: &[u8] = b"\x03\0\0\0\x0b\x08\x05";

    #[test]
    fn an_error_is_read_to_its_end_and_a_notice_need_not_have_more_behind_it() {
        for notices in 0..3 {
            let mut first = NOTICE.repeat(notices);
            assert!(!is_part_of_error(&first));
            let start = first.len();
            first.extend_from_slice(ERROR);
            for cut in start + 1..first.len() {
                assert!(is_part_of_error(&first[..cut]), "{cut}");
            }
            assert!(!is_part_of_error(&first));
            assert!(of_error_frame(&first).unwrap().is_full);
        }
    }

    #[tokio::test]
    async fn a_server_that_sends_notices_without_an_end_is_not_of_the_x_protocol() {
        let (mut server, mut other) = Stream::in_memory(4096, false);
        let notices = NOTICE.repeat(2 * MOST_INPUT / NOTICE.len());
        // If all were read, the end would be an error.
        let sends = async move { other.write_all(&notices).await };
        let mut input = BytesMut::new();
        let answer = async {
            let answer = ask_for_capabilities(&mut server, &mut input).await;
            drop(server);
            answer
        };
        let (answer, _sent) = tokio::join!(answer, sends);
        assert_eq!(answer.unwrap(), Answer::NotX);
    }
}
