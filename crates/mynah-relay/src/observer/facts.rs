use mynah_classic::command::CommandCode;
use mynah_session::observe::{CommandKind, Event, Outcome};

/// Facts that decide how a connection ends, and whether it stops for another login.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Whether the server of the classic protocol has greeted.
    pub(super) greeted: bool,
    /// Whether COM_CHANGE_USER was sent.
    pub(super) change_user: bool,
    /// Whether the client has said goodbye, and nothing since.
    pub(super) said_goodbye: bool,
    /// Whether a command never had its answer.
    pub(super) cut_off: bool,
}

impl Facts {
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Greeting { .. } => self.greeted = true,
            Event::Started(command) => {
                self.said_goodbye = command.kind.is_goodbye();
                self.change_user |= command.kind == CommandKind::Classic(CommandCode::CHANGE_USER);
            }
            Event::Completed(answer) => self.cut_off |= answer.outcome == Outcome::CutOff,
            _ => {}
        }
    }
}
