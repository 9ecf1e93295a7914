use mynah_session::{Outcome, Reply};

use crate::kind::{Asks, Kind, words};

/// What of a connection the server doesn't have, because it was answered from the recording.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// Whether a transaction is open.
    is_in_transaction: bool,
    /// Whether each statement begins one, without autocommit.
    is_without_autocommit: bool,
    /// Whether there may be temporary tables.
    has_temporary: bool,
    /// The first statement that would have changed what only this connection sees.
    unplayed: Option<String>,
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

    /// A statement goes to the server.
    pub(crate) fn note_passed(&mut self, kind: Kind, statement: &str) {
        if kind == Kind::Session {
            self.note_session(statement);
        }
        self.last_is_recorded = false;
        // Whether the server generates an id isn't known yet. If a statement asks for it, it most likely has.
        self.insert_id_is_recorded &= kind != Kind::Changing;
    }

    /// A statement was answered from the recording.
    pub(crate) fn note_answered(&mut self, kind: Kind, statement: &str, reply: &Reply) {
        let mut outcomes = std::iter::once(&reply.outcome).chain(&reply.more);
        self.insert_id_is_recorded |= outcomes.any(
            |outcome| matches!(outcome, Outcome::Ok(completion) if completion.last_insert_id != 0),
        );
        self.last_is_recorded = true;
        match kind {
            Kind::Committing => self.begin(false),
            Kind::Changing => self.note_answered_change(statement),
            Kind::Reading | Kind::Session => {}
        }
    }

    /// A statement about the session goes to the server.
    fn note_session(&mut self, statement: &str) {
        let text = statement.to_ascii_lowercase();
        let all: Vec<_> = words(&text).collect();
        match &*all {
            ["begin", ..] | ["start", "transaction", ..] => self.begin(true),
            ["commit" | "rollback", rest @ ..] if !rest.contains(&"to") => {
                self.begin(rest.contains(&"chain") && !rest.contains(&"no"));
            }
            ["create", "temporary", ..] => self.has_temporary = true,
            ["set", ..] => self.note_autocommit(&text),
            _ => {}
        }
    }

    /// The transaction has ended, and perhaps another one has begun.
    fn begin(&mut self, is_begun: bool) {
        self.is_in_transaction = is_begun;
        if !self.has_temporary {
            self.unplayed = None;
        }
    }

    fn note_autocommit(&mut self, text: &str) {
        let Some((_, rest)) = text.rsplit_once("autocommit") else {
            return;
        };
        let value = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':' || c == '=');
        self.is_without_autocommit =
            value.starts_with('0') || value.starts_with("off") || value.starts_with("false");
        if !self.is_without_autocommit {
            self.begin(false);
        }
    }

    /// A statement that may change data was answered from the recording.
    fn note_answered_change(&mut self, statement: &str) {
        if self.is_in_transaction || self.is_without_autocommit || self.has_temporary {
            self.unplayed.get_or_insert_with(|| statement.to_owned());
        }
    }

    /// The statement that the server would have to have run for a later one to be the same there.
    pub(crate) fn unplayed(&self) -> Option<&str> {
        self.unplayed.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use mynah_session::Completion;

    use super::*;

    fn answered(standing: &mut Standing, statement: &str) {
        let reply = Reply::from(Outcome::Ok(Completion::default()));
        standing.note_answered(Kind::of(statement), statement, &reply);
    }

    fn after(session: &[&str]) -> Standing {
        let mut standing = Standing::default();
        for statement in session {
            standing.note_passed(Kind::of(statement), statement);
        }
        answered(&mut standing, "insert");
        standing
    }

    #[test]
    fn a_change_is_kept_in_mind_only_where_no_other_connection_sees_it() {
        for (session, is_kept) in [
            (&[][..], false),
            (&["begin"][..], true),
            (&["START TRANSACTION READ WRITE"], true),
            (&["begin", "rollback to savepoint s"], true),
            (&["begin", "commit"], false),
            (&["begin", "commit and chain"], true),
            (&["begin", "commit and no chain"], false),
            (&["SET AUTOCOMMIT = 0"], true),
            (
                &["set session autocommit=off", "set @@autocommit = 1"],
                false,
            ),
            (&["create temporary table t (a int)"], true),
            (&["set names utf8mb4"], false),
        ] {
            assert_eq!(after(session).unplayed().is_some(), is_kept, "{session:?}");
        }
    }

    #[test]
    fn a_statement_that_commits_ends_the_transaction() {
        let mut standing = after(&["set autocommit = 0"]);
        answered(&mut standing, "DROP TABLE t");
        assert_eq!(standing.unplayed(), None);
    }

    #[test]
    fn the_end_of_a_transaction_ends_what_was_kept() {
        let mut standing = after(&["begin"]);
        standing.note_session("COMMIT");
        assert_eq!(standing.unplayed(), None);
        let mut standing = after(&["create temporary table t (a int)"]);
        standing.note_session("COMMIT");
        assert_eq!(standing.unplayed(), Some("insert"));
    }
}
