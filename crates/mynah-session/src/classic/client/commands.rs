use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{Command, CommandCode};

use super::ClientError;
use super::core::Core;
use super::event::Action;
use super::state::{ExpectAnswer, State};
use crate::classic::Response;

impl Core {
    pub(super) fn command(
        &mut self,
        shared: Capabilities,
        command: &Command,
    ) -> Result<State, ClientError> {
        self.exchange.start_command();
        self.exchange.send(command, shared)?;
        if command.code() == CommandCode::QUIT {
            self.actions.push_back(Action::Close);
            return Ok(State::Closed);
        }
        let response = Response::new(command.code(), shared);
        Ok(self.next(ExpectAnswer { shared, response }))
    }

    pub(super) fn answer(
        &mut self,
        mut state: ExpectAnswer,
        payload: Bytes,
    ) -> Result<State, ClientError> {
        let part = state
            .response
            .receive(&payload)
            .map_err(|source| ClientError::Message {
                message: "answer",
                source,
            })?;
        self.actions.push_back(Action::Received(part, payload));
        Ok(self.next(state))
    }

    pub(super) fn file(&mut self, state: ExpectAnswer, piece: &Bytes) -> State {
        self.exchange.send_payload(piece);
        self.next(state)
    }

    fn next(&mut self, state: ExpectAnswer) -> State {
        if !state.response.is_complete() {
            return State::ExpectAnswer(state);
        }
        self.actions.push_back(Action::Answered);
        State::Ready(state.shared)
    }
}
