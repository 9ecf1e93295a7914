//! Follows the settings by which statements are parsed, as commands and answers change them.

use mynah_classic::command::{ComChangeUser, CommandCode};
use mynah_wire::Message as _;

use super::follower::{Follower, Pending};
use crate::observe::{Command, Outcome};
use crate::sql::Settings;

impl Follower {
    /// A command is sent. Gives whether it is a statement that may change them.
    pub(super) fn unsettle(&mut self, command: &Command, code: CommandCode) -> bool {
        match code {
            CommandCode::RESET_CONNECTION | CommandCode::CHANGE_USER => {
                let server = self.settings.server;
                self.settings = Settings {
                    server,
                    ..Settings::default()
                };
                false
            }
            CommandCode::QUERY | CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE => {
                let sql = command.sql();
                sql.is_some_and(|sql| self.settings.unsettle(&sql))
            }
            _ => false,
        }
    }

    /// A command has all of its answer. While others wait for theirs, they may change it again.
    pub(super) fn settle(&mut self, pending: &Pending, code: CommandCode, sql: Option<&[u8]>) {
        let command = &pending.answer.command;
        if !self.waiting.is_empty() || pending.answer.outcome != Outcome::Done {
            return;
        }
        match code {
            CommandCode::QUERY | CommandCode::STMT_EXECUTE => {
                if let Some(sql) = sql.filter(|_| pending.by.may_change_settings) {
                    self.settings.settle(sql);
                }
                self.settings.follow_status(pending.answer.status_flags);
            }
            CommandCode::CHANGE_USER => {
                let change = ComChangeUser::from_payload_lenient(&command.payload, self.shared);
                if let Ok((change, _)) = change {
                    let (server, default) = (self.settings.server, self.default_collation);
                    self.settings = Settings::of_login(server, change.character_set, default);
                }
            }
            _ => {}
        }
        for change in &pending.by.changes {
            self.settings.follow_change(change);
        }
    }
}
