use bytes::{Bytes, BytesMut};

use super::core::Core;
use super::cursors::{Cursor, Cursors};
use super::entering::Entering;
use super::event::Action;
use super::expectations::Expectations;
use super::statements::PreparedStatements;
use super::waiting::Next;
use crate::{Failure, Login, Outcome, SessionError, SessionState};

/// A client that has logged in.
#[derive(Debug)]
pub(super) struct LoggedIn {
    pub(super) login: Login,
    pub(super) session: SessionState,
    entering: Entering,
    pub(super) expectations: Expectations,
    pub(super) statements: PreparedStatements,
    pub(super) cursors: Cursors,
    /// Whether it wants notices of warnings.
    pub(super) warnings: bool,
    /// Which notices of a group it wants.
    pub(super) group_notices: [bool; 4],
    /// Messages that came in one, and wait for their turn.
    pub(super) unpacked: BytesMut,
}

impl LoggedIn {
    pub(super) fn new(login: Login, session: SessionState, entering: Entering) -> Self {
        Self {
            login,
            session,
            entering,
            expectations: Expectations::default(),
            statements: PreparedStatements::default(),
            cursors: Cursors::default(),
            warnings: true,
            group_notices: [false; 4],
            unpacked: BytesMut::new(),
        }
    }

    /// Takes over what an outcome says of the session.
    pub(super) fn take_over(&mut self, core: &mut Core, outcome: &Outcome) {
        if self
            .session
            .take_over_outcome(outcome, core.greeted.dialect)
        {
            core.login_version += 1;
        }
    }

    /// The session is as after its login, but for the schema and the messages that wait.
    pub(super) fn reset(&mut self, core: &mut Core) {
        let schema: Option<Bytes> = self.session.schema.take();
        let entering = self.forget(core);
        let unpacked = self.unpacked.split();
        *self = Self::new(self.login.clone(), core.new_session(schema), entering);
        self.unpacked = unpacked;
        core.actions.push_back(Action::Reset);
    }

    /// Forgets all of a session but what was set before it.
    pub(super) fn forget(&mut self, core: &mut Core) -> Entering {
        for source in std::mem::take(&mut self.cursors).into_sources() {
            core.actions.push_back(Action::DropRows(source));
        }
        let closed = std::mem::take(&mut self.statements).into_ids();
        core.actions
            .extend(closed.into_iter().map(Action::CloseStatement));
        self.entering.clone()
    }

    /// A statement is forgotten, and its cursors with it.
    pub(super) fn close_cursors_of(&mut self, core: &mut Core, statement_id: u32) {
        for id in self.cursors.of(statement_id) {
            self.drop_cursor(core, id);
        }
    }

    /// Forgets a cursor; says whether there was one of this number.
    pub(super) fn drop_cursor(&mut self, core: &mut Core, id: u32) -> bool {
        let cursor = self.cursors.remove(id);
        core.drop_rows(cursor.as_ref().and_then(Cursor::source));
        cursor.is_some()
    }

    /// Ends a message that has no answer but whether it went well.
    pub(super) fn done(
        &mut self,
        core: &mut Core,
        done: Result<(), Failure>,
    ) -> Result<Next, SessionError> {
        match done {
            Ok(()) => core.outgoing.ok(None),
            Err(failure) => core.fail(&failure),
        }
        Next::message(core)
    }

    /// Ends a message that has failed.
    pub(super) fn fail(
        &mut self,
        core: &mut Core,
        failure: &Failure,
    ) -> Result<Next, SessionError> {
        core.outgoing.seal()?;
        core.fail(failure);
        self.expectations.fail();
        Next::message(core)
    }
}
