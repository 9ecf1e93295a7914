//! Receives a file that the client is asked for.

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::response::{LocalInfileRequest, SqlState};

use super::answer::Asked;
use super::command_phase::LoggedIn;
use super::machine::{Action, Server, State};
use crate::{Failure, LocalFile, LocalInfile, Outcome, SessionError};

/// A file of which some has come.
#[derive(Debug)]
pub(super) struct Receiving {
    asked: Asked,
    file: LocalInfile,
    content: BytesMut,
    is_too_long: bool,
}

impl Server {
    pub(super) fn ask_client_for(
        &mut self,
        state: LoggedIn,
        asked: Asked,
        file: LocalInfile,
    ) -> Result<State, SessionError> {
        if !state.shared.contains(Capabilities::LOCAL_FILES) {
            return self.reply(state, asked, Outcome::Error(disabled()).into());
        }
        let request = LocalInfileRequest {
            filename: file.filename.clone(),
        };
        self.exchange.send(&request, ())?;
        let receiving = Receiving {
            asked,
            file,
            content: BytesMut::new(),
            is_too_long: false,
        };
        Ok(State::ExpectFile(state, Box::new(receiving)))
    }

    /// Takes a piece of the file; an empty one ends it.
    pub(super) fn file_data(
        &mut self,
        state: LoggedIn,
        mut receiving: Box<Receiving>,
        piece: &Bytes,
    ) -> Result<State, SessionError> {
        if !piece.is_empty() {
            let room = receiving.file.limit - receiving.content.len();
            if receiving.is_too_long || piece.len() > room {
                receiving.is_too_long = true;
                receiving.content = BytesMut::new();
            } else {
                receiving.content.extend_from_slice(piece);
            }
            return Ok(State::ExpectFile(state, receiving));
        }
        let Receiving {
            asked,
            file,
            content,
            is_too_long,
        } = *receiving;
        if is_too_long {
            return self.reply(state, asked, Outcome::Error(too_long(&file)).into());
        }
        self.actions.push_back(Action::AskFile(LocalFile {
            filename: file.filename,
            content: content.freeze(),
        }));
        Ok(State::ExpectReply(state, asked))
    }
}

fn disabled() -> Failure {
    Failure {
        code: 3948,
        sql_state: SqlState(*b"42000"),
        message: "Loading local data is disabled; this must be enabled on both the client and \
                  server sides"
            .into(),
    }
}

fn too_long(file: &LocalInfile) -> Failure {
    let name = String::from_utf8_lossy(&file.filename);
    let limit = file.limit;
    Failure::general(
        1105,
        format!("The file '{name}' has more than {limit} bytes"),
    )
}
