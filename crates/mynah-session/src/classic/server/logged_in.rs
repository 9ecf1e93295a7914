use bytes::Bytes;
use mynah_classic::resultset::MetadataFollows;
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::compress::Algorithm;

use super::core::Core;
use super::result_set::ok_packet;
use super::statements::Statements;
use crate::placeholders::Dialect;
use crate::{
    CharacterSets, Completion, Failure, Login, Outcome, SessionError, SessionState, Statement,
    StatementCommand,
};

/// What a session has from its greeting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Greeted {
    /// A reset of the session puts them back.
    pub(super) status_flags: StatusFlags,
    /// The collation of a client that names none.
    pub(super) default_collation: u16,
}

/// What holds from the login on.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) shared: Capabilities,
    pub(super) session: SessionState,
    pub(super) greeted: Greeted,
    pub(super) login: Login,
    /// The connection's number, as in the greeting.
    pub(super) thread_id: u32,
    /// How its statements are read.
    pub(super) dialect: Dialect,
    /// Boxed, as few sessions have any.
    pub(super) statements: Option<Box<Statements>>,
    /// How the connection will be compressed once the client is logged in, if it will.
    pub(super) compression: Option<Algorithm>,
}

impl LoggedIn {
    /// Takes over what an outcome says of the session.
    pub(super) fn take_over(&mut self, core: &mut Core, outcome: &Outcome) {
        if self.session.take_over_outcome(outcome, self.dialect) {
            core.login_version += 1;
        }
        self.read_by_status_flags();
    }

    /// The session is as after the login, but for the schema, which a reset leaves.
    pub(super) fn reset(&mut self) {
        let default = CharacterSets::all(self.greeted.default_collation);
        let character_sets = match self.dialect.is_mariadb {
            // Seen: MariaDB 10.11 goes back to the login's, MySQL 9.7 doesn't.
            true => self.character_sets(self.login.collation).unwrap_or(default),
            false => default,
        };
        let schema = self.session.schema.take();
        self.greet(character_sets, schema);
    }

    /// Another client logs in on the connection.
    pub(super) fn log_in(&mut self, login: Login, character_sets: CharacterSets) {
        self.greet(character_sets, login.schema.clone());
        self.login = login;
    }

    fn greet(&mut self, character_sets: CharacterSets, schema: Option<Bytes>) {
        let flags = self.greeted.status_flags;
        self.session = SessionState::greeted(flags, character_sets, schema);
        self.read_by_status_flags();
    }

    /// The character sets of a login with this collation.
    pub(super) fn character_sets(&self, collation: u16) -> Result<CharacterSets, Failure> {
        CharacterSets::of_login(collation, self.greeted.default_collation, self.dialect)
    }

    /// Sets how statements are parsed by the session's status flags.
    fn read_by_status_flags(&mut self) {
        let flags = self.session.flags();
        self.dialect.no_backslash_escapes = flags.contains(StatusFlags::NO_BACKSLASH_ESCAPES);
        self.dialect.ansi_quotes = flags.contains(StatusFlags::ANSI_QUOTES);
    }

    /// How many warnings a command says that leaves none itself: MySQL's servers repeat what the last
    /// statement said, MariaDB's don't (seen: 9.7, 10.11).
    pub(super) fn warnings_before(&self) -> u16 {
        match self.dialect.is_mariadb {
            true => 0,
            false => self.session.warning_count,
        }
    }

    /// A statement of this session.
    pub(super) fn statement(&self, command: StatementCommand, text: Bytes) -> Statement {
        Statement {
            state: self.session.clone(),
            ..Statement::new(command, text)
        }
    }

    /// The prepared statements.
    pub(super) fn statements(&mut self) -> &mut Statements {
        self.statements.get_or_insert_default()
    }

    /// Forgets every prepared statement.
    pub(super) fn drop_statements(&mut self, core: &mut Core) {
        if let Some(statements) = self.statements.take() {
            for (id, cursor) in statements.into_cursors() {
                core.drop_rows(cursor.and_then(|cursor| cursor.source()));
                core.close_statement(id);
            }
        }
    }

    /// Whether columns are described.
    pub(super) fn metadata(&self) -> MetadataFollows {
        let may = self
            .shared
            .contains(Capabilities::OPTIONAL_RESULTSET_METADATA);
        if may && self.session.without_metadata {
            MetadataFollows::NONE
        } else {
            MetadataFollows::FULL
        }
    }

    /// Sends the OK of a command that no handler answers.
    pub(super) fn send_ok(
        &self,
        core: &mut Core,
        completion: &Completion,
    ) -> Result<(), SessionError> {
        let mut packet = ok_packet(completion, &self.session, self.shared);
        packet.warnings = self.warnings_before();
        core.exchange.send(&packet, self.shared)?;
        Ok(())
    }

    /// Sends an error as the answer to a command.
    pub(super) fn send_failure(
        &self,
        core: &mut Core,
        failure: Failure,
    ) -> Result<(), SessionError> {
        core.exchange.send_failure(failure, self.shared)?;
        Ok(())
    }
}
