//! Receives a file that the client is asked for.

use bytes::Bytes;
use mynah_classic::error_code;
use mynah_classic::response::{LocalInfileRequest, SqlState};

use super::core::Core;
use super::receiving::Receiving;
use super::waiting::{Asked, Next, Waiting};
use crate::{Failure, LocalInfile, Question, SessionError};

/// Asks the client for a file.
pub(super) fn ask_client(
    core: &mut Core,
    asked: Asked,
    file: LocalInfile,
) -> Result<Next, SessionError> {
    let request = LocalInfileRequest {
        filename: file.filename.clone(),
    };
    core.exchange.send(&request, ())?;
    let receiving = Box::new((asked, Receiving::new(file)));
    Ok(Next::Wait(Waiting::File(receiving)))
}

/// Takes a piece of the file; an empty one ends it. Fails if it was too long.
pub(super) fn piece(
    core: &mut Core,
    mut received: Box<(Asked, Receiving)>,
    piece: &Bytes,
) -> Result<Next, (Asked, Failure)> {
    // An empty packet ends the file ("LOCAL INFILE Data").
    if !piece.is_empty() {
        received.1.add(piece);
        return Ok(Next::Wait(Waiting::File(received)));
    }
    let (asked, receiving) = *received;
    match receiving.finish() {
        Ok(file) => {
            core.ask(Question::File(file));
            Ok(Next::Wait(Waiting::Reply(asked)))
        }
        Err(failure) => Err((asked, failure)),
    }
}

/// What is said where the client gives no files.
pub(super) fn disabled() -> Failure {
    Failure {
        code: error_code::ER_CLIENT_LOCAL_FILES_DISABLED,
        sql_state: SqlState(*b"42000"),
        message: "Loading local data is disabled; this must be enabled on both the client and \
                  server sides"
            .into(),
    }
}
