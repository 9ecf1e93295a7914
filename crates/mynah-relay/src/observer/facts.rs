use mynah_classic::command::CommandCode;
use mynah_session::observe::{CommandKind, Event, Outcome};

use crate::upstreams::serves_none;

/// What the end of a connection depends on, and its logins.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Whether the server of the classic protocol has greeted.
    pub(super) greeted: bool,
    /// How many COM_CHANGE_USER were sent.
    pub(super) change_users: u32,
    /// Whether the client has said goodbye, and nothing since.
    pub(super) said_goodbye: bool,
    /// Whether the server has refused the login for a reason of the client, after which it ends the connection.
    pub(super) is_refused: bool,
    /// Whether a command never had its answer.
    pub(super) cut_off: bool,
}

impl Facts {
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Greeting { .. } => self.greeted = true,
            Event::Started(command) => {
                self.said_goodbye = command.kind.is_goodbye();
                if command.kind == CommandKind::Classic(CommandCode::CHANGE_USER) {
                    self.change_users = self.change_users.wrapping_add(1);
                }
            }
            Event::Refused(error) => self.is_refused = !serves_none(error.code),
            Event::Completed(answer) => self.cut_off |= answer.outcome == Outcome::CutOff,
            _ => {}
        }
    }
}
