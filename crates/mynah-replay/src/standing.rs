use mynah_session::{Outcome, Reply};

use crate::asks::Asks;
use crate::effects::{Effects, Step};
use crate::kind::Kind;
use crate::unplayed::Unplayed;

/// What of a connection the server doesn't have, because it was answered from the recording.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// Whether a transaction is open.
    is_in_transaction: bool,
    /// Whether each statement begins one, without autocommit.
    is_without_autocommit: bool,
    /// The changes of the open transaction.
    pending: Unplayed,
    /// The first statement that would have changed the session's state.
    of_session: Option<String>,
    /// Whether the last statement was answered from the recording.
    last_is_recorded: bool,
    /// Whether the last statement that generated an id was answered from the recording.
    insert_id_is_recorded: bool,
}

impl Standing {
    /// Whether the recording, and not the server, has given what a statement asks for.
    pub(crate) fn has_recorded(&self, asks: Asks) -> bool {
        (asks.insert_id && self.insert_id_is_recorded) || (asks.last && self.last_is_recorded)
    }

    /// The earlier statement that the server would have to have run for this one to do the same there: one of the
    /// connection's open transaction or about its session, or one of `committed`, whichever connection sent it.
    pub(crate) fn lacks<'s>(
        &'s self,
        effects: &Effects,
        committed: &'s Unplayed,
    ) -> Option<&'s str> {
        let own = match effects.kind {
            // What only changes the session, such as COMMIT, does so without the data.
            Kind::Session => self.pending.of(&effects.uses),
            _ => self.pending.first().or(self.of_session.as_deref()),
        };
        own.or_else(|| committed.of(&effects.uses))
    }

    /// A statement goes to the server.
    pub(crate) fn note_passed(&mut self, effects: &Effects, committed: &mut Unplayed) {
        for step in &effects.steps {
            self.transaction(step, committed);
        }
        self.last_is_recorded = false;
        // Whether the server generates an id isn't known yet. If a statement asks for it, it most likely has.
        let has_changed = |step: &Step| matches!(step, Step::Change(_));
        self.insert_id_is_recorded &= !effects.steps.iter().any(has_changed);
    }

    /// A statement was answered from the recording.
    pub(crate) fn note_answered(
        &mut self,
        effects: &Effects,
        statement: &str,
        reply: &Reply,
        committed: &mut Unplayed,
    ) {
        let mut outcomes = std::iter::once(&reply.outcome).chain(&reply.more);
        self.insert_id_is_recorded |= outcomes.any(
            |outcome| matches!(outcome, Outcome::Ok(completion) if completion.last_insert_id != 0),
        );
        self.last_is_recorded = true;
        if effects.kind == Kind::Session {
            self.of_session.get_or_insert_with(|| statement.to_owned());
        }
        let has_failed = reply.more.is_empty() && matches!(reply.outcome, Outcome::Error(_));
        for step in &effects.steps {
            match step {
                // A statement that has failed has changed nothing.
                Step::Change(_) if has_failed => {}
                Step::Change(tables) if self.is_in_transaction || self.is_without_autocommit => {
                    self.pending.add(tables, statement);
                }
                Step::Change(tables) => committed.add(tables, statement),
                step => self.transaction(step, committed),
            }
        }
    }

    fn transaction(&mut self, step: &Step, committed: &mut Unplayed) {
        match *step {
            Step::Begin => self.end(true, committed),
            Step::Commit { chains } => self.end(chains, committed),
            Step::Rollback { chains } => {
                self.pending = Unplayed::default();
                self.end(chains, committed);
            }
            Step::Autocommit(is_on) => {
                self.is_without_autocommit = !is_on;
                if is_on {
                    self.end(false, committed);
                }
            }
            Step::Change(_) => {}
        }
    }

    /// The transaction has ended, and perhaps another one has begun.
    fn end(&mut self, is_begun: bool, committed: &mut Unplayed) {
        self.is_in_transaction = is_begun;
        committed.append(std::mem::take(&mut self.pending));
    }
}

#[cfg(test)]
mod tests {
    use mynah_session::{Completion, Failure};
    use mynah_sql::Reading;

    use super::*;

    fn effects(statement: &str) -> Effects {
        Effects::of(statement, Reading::default())
    }

    #[derive(Default)]
    struct Both {
        standing: Standing,
        committed: Unplayed,
    }

    impl Both {
        fn passed(&mut self, statement: &str) {
            self.standing
                .note_passed(&effects(statement), &mut self.committed);
        }

        fn answered_with(&mut self, statement: &str, outcome: Outcome) {
            let reply = Reply::from(outcome);
            self.standing.note_answered(
                &effects(statement),
                statement,
                &reply,
                &mut self.committed,
            );
        }

        fn answered(&mut self, statement: &str) {
            self.answered_with(statement, Outcome::Ok(Completion::default()));
        }

        fn lacks(&self, statement: &str) -> Option<&str> {
            self.standing.lacks(&effects(statement), &self.committed)
        }

        fn other_lacks(&self, statement: &str) -> Option<&str> {
            self.committed.of(&effects(statement).uses)
        }
    }

    const INSERT: &str = "insert into t values (1)";

    #[test]
    fn a_change_is_missing_on_all_connections_once_its_transaction_is_committed() {
        for (before, after, is_missing) in [
            (&[][..], &[][..], true),
            (&["begin"], &[], false),
            (&["begin"], &["commit"], true),
            (&["begin"], &["begin"], true),
            (&["begin"], &["create table u (a int)"], true),
            (&["begin"], &["set autocommit = 1"], true),
            (&["begin"], &["rollback"], false),
            (&["begin"], &["rollback to savepoint s"], false),
            (&["begin", "commit"], &["rollback"], true),
            (&["begin", "commit and chain"], &["rollback"], false),
            (&["set autocommit = 0"], &[], false),
            (&["set autocommit = 0"], &["rollback"], false),
            (&["set autocommit = 0"], &["commit"], true),
            (&["xa start 'a'"], &["xa rollback 'a'"], false),
            (&["xa start 'a'"], &["xa commit 'a' one phase"], true),
        ] {
            let mut both = Both::default();
            before.iter().for_each(|statement| both.passed(statement));
            both.answered(INSERT);
            after.iter().for_each(|statement| both.passed(statement));
            let found = both.other_lacks("select * from t");
            assert_eq!(found, is_missing.then_some(INSERT), "{before:?} {after:?}");
        }
    }

    #[test]
    fn in_its_transaction_a_change_is_missing_whatever_comes_next_and_outside_by_its_tables() {
        let mut both = Both::default();
        both.passed("begin");
        both.answered(INSERT);
        assert_eq!(both.lacks("select 1"), Some(INSERT));
        assert_eq!(both.lacks("commit"), None);
        assert_eq!(
            both.lacks("set @n = (select count(*) from t)"),
            Some(INSERT)
        );
        both.passed("commit");
        assert_eq!(both.lacks("select 1"), None);
        assert_eq!(both.lacks("select * from u"), None);
        assert_eq!(
            both.lacks("update u set a = (select max(a) from t)"),
            Some(INSERT)
        );
        assert_eq!(both.lacks("call p()"), Some(INSERT));
    }

    #[test]
    fn what_has_failed_has_changed_nothing() {
        let mut both = Both::default();
        both.answered_with(INSERT, Outcome::Error(Failure::general(1062, "duplicate")));
        assert_eq!(both.lacks("select * from t"), None);
    }

    #[test]
    fn state_of_the_session_that_the_server_lacks_is_missing_to_all_other_statements() {
        let mut both = Both::default();
        let set = "select count(*) into @n from t";
        both.answered(set);
        assert_eq!(both.lacks("select @n"), Some(set));
        assert_eq!(both.lacks("set names utf8mb4"), None);
    }
}
