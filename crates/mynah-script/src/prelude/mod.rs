//! Built-in answers to statements that drivers send on connect, where a script has no answer: `SET …`,
//! `SELECT @@…`, `SHOW VARIABLES`, `COMMIT`, `USE` and the like; for tools, also lists of schemas and tables.

mod changes;
mod character_sets;
mod decimal;
mod expression;
mod facts;
mod failures;
mod item;
mod kill;
mod kind;
mod last;
mod like;
mod limit;
mod listing;
mod modes;
mod recorded;
mod relation;
mod result;
mod select;
mod server;
mod set;
mod shape;
mod show;
mod shown;
mod source;
mod state;
mod system;
mod tokens;
mod user_variables;
mod value;
mod version;
mod version_number;

use std::sync::Arc;

use mynah_classic::response::SessionStateChanges;
use mynah_session::{
    Completion, Failure, Greeting, Login, Outcome, Prepared, Reply, SessionState, Statement,
};

use crate::recording::Variables;
use facts::Facts;
use state::ChangeReport;
use tokens::{Slice, Tokens};

pub use kind::{PreludeKind, UnknownPrelude};
pub use server::Identity;
pub(crate) use server::Server;

/// Answers for one session, where its script has none.
#[derive(Debug)]
pub(crate) struct Prelude {
    facts: Facts,
    for_tools: bool,
    /// Whether it answers what is about the session only, and follows all statements that change it.
    of_recording: bool,
}

impl Prelude {
    /// Of a session of a server that says it is of this version, and gave this connection this number.
    pub(crate) fn new(
        kind: PreludeKind,
        server: Arc<Server>,
        version: &str,
        connection_id: u32,
    ) -> Option<Self> {
        (kind != PreludeKind::None).then(|| Self {
            facts: Facts::new(server, version, connection_id),
            for_tools: kind == PreludeKind::Tools,
            of_recording: false,
        })
    }

    /// The same behind a recording, which knows these variables of its server: all data is that of the recording.
    pub(crate) fn of_recording(mut self, variables: Arc<Variables>) -> Self {
        self.facts.recorded = Some(variables);
        self.of_recording = true;
        self
    }

    /// Called with the script's greeting: changes it to the one that the client gets.
    pub(crate) fn greet(&mut self, greeting: &mut Greeting) {
        self.facts.greet(greeting);
    }

    /// Called when the client logs in.
    pub(crate) fn logged_in(&mut self, login: &Login) {
        self.facts.login = login.clone();
        self.reset();
    }

    /// Forgets all that the session has set.
    pub(crate) fn reset(&mut self) {
        self.facts.reset();
    }

    /// The script has answered a statement. If it agreed to one that changes the session, and says
    /// nothing itself of the session, the session is changed.
    pub(crate) fn answered(&mut self, statement: &Statement, reply: &mut Reply) {
        if let Outcome::Ok(completion) = &mut reply.outcome
            // A recorded answer says status flags always, and nothing of variables.
            && (completion.status_flags.is_none() || self.of_recording)
            && completion.state.is_none()
            && may_change(&statement.text)
        // The script answered the statement itself, with no word about the session. The session then changes
        // as a server's would, so that later answers and status flags are consistent.
        {
            // Scripts see the change in the state of the next statement, and the client in its status flags.
            completion.state = self.followed(statement).map(Box::new);
        }
        self.facts.answered(reply);
    }

    /// The state after a statement that was agreed to, if it is another one. Status flags of which
    /// nothing has been said stay unsaid.
    fn followed(&mut self, statement: &Statement) -> Option<SessionState> {
        let tokens = self.tokens(statement)?;
        self.change(tokens.all())?.ok()?;
        let mut state = self.facts.state.clone();
        // As long as the script has said no status flags, the session has none either.
        if statement.state.status_flags.is_none() {
            state.status_flags = None;
        }
        (state != statement.state).then_some(state)
    }

    /// The answer to a statement that is run, if there is one.
    pub(crate) fn statement(&mut self, statement: &Statement) -> Option<Reply> {
        let tokens = self.tokens(statement)?;
        // A statement of comments alone is an empty query, error 1065.
        if tokens.are_comments() {
            return Some(Outcome::Error(failures::empty()).into());
        }
        let all = self.run(tokens.all());
        if let Some(outcome) = self.look(all) {
            let reply = Reply::from(outcome);
            // SHOW WARNINGS and the like leave what they show.
            if !is_about_the_last(all) {
                self.facts.answered(&reply);
            }
            return Some(reply);
        }
        if let Some(kill) = kill::kill(all, &self.facts) {
            return Some(Outcome::Kill(kill).into());
        }
        let outcome = match self.change(all)? {
            Ok(report) => Outcome::Ok(Completion {
                status_flags: Some(self.facts.status_flags()),
                warning_count: report.warnings.len().try_into().unwrap_or(u16::MAX),
                warnings: report.warnings,
                session_state_changes: SessionStateChanges::new(&report.changes),
                state: Some(Box::new(self.facts.state.clone())),
                ..Completion::default()
            }),
            Err(failure) => Outcome::Error(failure),
        };
        let reply = Reply::from(outcome);
        self.facts.answered(&reply);
        Some(reply)
    }

    /// What is known of a statement that is prepared, if it will be answered.
    pub(crate) fn prepare(&mut self, statement: &Statement) -> Option<Prepared> {
        let tokens = self.tokens(statement)?;
        if tokens.are_comments() {
            return Some(Prepared::default());
        }
        let tokens = self.run(tokens.all());
        match self.look(tokens) {
            Some(Outcome::Rows(result)) if !show::is_described_late(tokens, &self.facts) => {
                Some(Prepared {
                    columns: Some(result.columns),
                    ..Prepared::default()
                })
            }
            Some(_) => Some(Prepared::default()),
            None => {
                let is_known = self.is_change(tokens) || kill::kill(tokens, &self.facts).is_some();
                is_known.then(Prepared::default)
            }
        }
    }

    fn tokens<'a>(&mut self, statement: &'a Statement) -> Option<Tokens<'a>> {
        self.facts.see(statement);
        Tokens::of(&statement.text, self.facts.reading())
    }

    /// What is run of a statement: what stands behind MariaDB's `SET STATEMENT … FOR`.
    fn run<'a>(&self, statement: Slice<'a>) -> Slice<'a> {
        // MariaDB runs what stands behind FOR with these variables; they hold for that statement only.
        let assigned = statement
            .after("set")
            .and_then(|rest| rest.after("statement"));
        let at = assigned.and_then(|rest| Some((rest, rest.position("for")?)));
        let behind = at.and_then(|(rest, at)| rest.from(at + 1));
        behind
            .filter(|_| self.facts.is_mariadb())
            .unwrap_or(statement)
    }

    /// The answer to a statement that changes nothing.
    fn look(&self, statement: Slice<'_>) -> Option<Outcome> {
        if self.of_recording && !self.for_tools && !is_about_session(statement) {
            return None;
        }
        let facts = &self.facts;
        let mut outcome = if let Some(list) = statement.after("select") {
            select::select(list, facts, self.for_tools)?
        } else if let Some(what) = statement.after("show") {
            show::show(what, facts, self.for_tools)?
        } else {
            return None;
        };
        if let Outcome::Rows(result) = &mut outcome {
            result.end.status_flags = Some(facts.status_flags());
        }
        Some(outcome)
    }

    /// Applies a statement that changes the session, and returns what the OK reports. `None` for other statements.
    fn change(&mut self, statement: Slice<'_>) -> Option<Result<ChangeReport, Failure>> {
        if !self.is_change(statement) {
            return None;
        }
        if let Some(assignments) = statement.after("set") {
            return set::set(assignments, &mut self.facts);
        }
        if let Some(schema) = statement.after("use") {
            return Some(self.facts.use_schema(schema.plain(0)?));
        }
        Some(Ok(self.facts.transaction(statement)))
    }

    fn is_change(&self, statement: Slice<'_>) -> bool {
        is_change(statement) || (self.for_tools && is_change_of_tools(statement))
    }
}

/// Whether the answer to a statement follows from the session and its variables: no table is read, and no clock.
fn is_about_session(statement: Slice<'_>) -> bool {
    if let Some(what) = statement.after("show") {
        return SHOWN.iter().any(|word| what.is(0, word));
    }
    let mut other = NOT_OF_SESSION.iter();
    !other.any(|word| statement.position(word).is_some())
}

/// Whether a statement asks how the one before it ended.
fn is_about_the_last(statement: Slice<'_>) -> bool {
    let Some(what) = statement.after("show") else {
        return false;
    };
    what.is(0, "warnings") || what.is(0, "errors") || what.is(0, "count")
}

/// Whether a statement may be one that changes the session, by its first word.
fn may_change(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let end = text.iter().position(|byte| !byte.is_ascii_alphabetic());
    match text.get(..end.unwrap_or(text.len())) {
        // A comment or a parenthesis may hide the first word: such a statement is read in full.
        None | Some([]) => text.first().is_some_and(|first| b"/#-".contains(first)),
        Some(word) => CHANGING
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known)),
    }
}

/// Whether a statement is agreed to, whatever it says.
fn is_change(statement: Slice<'_>) -> bool {
    match statement.len() {
        0 => false,
        1 => ["begin", "commit", "rollback"]
            .iter()
            .any(|word| statement.is(0, word)),
        len => {
            let first = |word| statement.is(0, word);
            let second = |word| statement.is(1, word);
            (first("set") && !second("password") && !second("statement"))
                || (first("use") && len == 2)
                || (first("begin") && second("work"))
                || (first("start") && second("transaction"))
                || first("savepoint")
                || (first("release") && second("savepoint"))
                || ((first("commit") || first("rollback"))
                    && ["work", "and", "no", "release", "to"]
                        .iter()
                        .any(|word| second(word)))
        }
    }
}

/// The same of what tools do before and after they list.
fn is_change_of_tools(statement: Slice<'_>) -> bool {
    let first = |word| statement.is(0, word);
    let second = |word| statement.is(1, word);
    first("flush")
        || ((first("lock") || first("unlock")) && (second("tables") || second("instance")))
}

/// What SHOW shows of a session.
const SHOWN: [&str; 10] = [
    "variables",
    "session",
    "global",
    "local",
    "status",
    "warnings",
    "errors",
    "count",
    "collation",
    "character",
];

/// Words of a SELECT that reads something else than the session.
const NOT_OF_SESSION: [&str; 16] = [
    "from",
    "now",
    "sysdate",
    "current_timestamp",
    "current_date",
    "current_time",
    "curdate",
    "curtime",
    "localtime",
    "localtimestamp",
    "unix_timestamp",
    "utc_date",
    "utc_time",
    "utc_timestamp",
    "uuid",
    "rand",
];

/// The first words of statements that change the session.
const CHANGING: [&[u8]; 6] = [b"set", b"use", b"begin", b"start", b"commit", b"rollback"];

#[cfg(test)]
mod tests;
