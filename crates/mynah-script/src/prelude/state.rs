//! The state that statements read and change: transactions, character sets, the schema in use.

use mynah_classic::StatusFlags;
use mynah_classic::response::SessionStateChange;
use mynah_session::{Failure, Warning};

use super::character_sets;
use super::facts::Facts;
use super::modes::{has_mode, quotes_names};
use super::tokens::Slice;
use super::value::Value;

/// What an OK reports of a statement that changes the session.
#[derive(Debug, Default)]
pub(super) struct ChangeReport {
    pub(super) changes: Vec<SessionStateChange>,
    pub(super) warnings: Vec<Warning>,
}

impl Facts {
    /// The session's status flags; those of a new session if nothing has been said of them.
    pub(super) fn status_flags(&self) -> StatusFlags {
        let said = self.state.status_flags;
        said.unwrap_or_else(|| self.first_status_flags())
    }

    /// The status flags of a new session, whose variables have the global values.
    fn first_status_flags(&self) -> StatusFlags {
        let has_autocommit = self.set.get("autocommit") != Some(&Value::flag(false));
        let mut flags = StatusFlags::empty();
        flags.set(StatusFlags::AUTOCOMMIT, has_autocommit);
        self.flags_of_modes(flags, self.modes())
    }

    /// The status flags that a client is greeted with by a script that says these. The session begins with those
    /// of the greeting; without any, the greeting has none either, unless a global value has changed them.
    pub(super) fn greeted_with(&self, said: StatusFlags) -> StatusFlags {
        let first = self.first_status_flags();
        match said.is_empty() {
            true if first == StatusFlags::AUTOCOMMIT => said,
            true => first,
            false => said | (first - StatusFlags::AUTOCOMMIT),
        }
    }

    /// A variable's value in the session, if it is one that the state has.
    pub(super) fn state_value(&self, name: &str) -> Option<Value> {
        Some(match name {
            "autocommit" => Value::flag(self.status_flags().contains(StatusFlags::AUTOCOMMIT)),
            "resultset_metadata" => Value::text(match self.state.without_metadata {
                true => NONE,
                false => FULL,
            }),
            _ => return character_sets::value(name, &self.state.character_sets, self.dialect),
        })
    }

    /// Sets a variable of the state to a value that fits; whether it is one.
    pub(super) fn set_state(&mut self, name: &str, value: &Value) -> bool {
        match name {
            "autocommit" => self.set_autocommit(*value == Value::flag(true)),
            "resultset_metadata" => self.state.without_metadata = *value == Value::text(NONE),
            _ => {
                let sets = &mut self.state.character_sets;
                return character_sets::set(name, value, sets, self.dialect);
            }
        }
        true
    }

    fn set_autocommit(&mut self, is_on: bool) {
        let mut flags = self.status_flags();
        if is_on && !flags.contains(StatusFlags::AUTOCOMMIT) {
            flags.remove(OPEN);
        }
        flags.set(StatusFlags::AUTOCOMMIT, is_on);
        self.state.status_flags = Some(flags);
    }

    /// How statements are read follows from the modes.
    pub(super) fn set_sql_mode(&mut self, modes: &str) {
        self.state.ansi_quotes = quotes_names(modes);
        self.state.status_flags = Some(self.flags_of_modes(self.status_flags(), modes));
    }

    /// Status flags with those that say how statements are read in these modes.
    fn flags_of_modes(&self, mut flags: StatusFlags, modes: &str) -> StatusFlags {
        let no_escapes = has_mode(modes, "NO_BACKSLASH_ESCAPES");
        flags.set(StatusFlags::NO_BACKSLASH_ESCAPES, no_escapes);
        // MySQL has no status flag for ANSI_QUOTES, MariaDB does.
        if self.is_mariadb() {
            flags.set(StatusFlags::ANSI_QUOTES, quotes_names(modes));
        }
        flags
    }

    /// Begins or ends a transaction, if the statement is one that does.
    pub(super) fn transaction(&mut self, statement: Slice<'_>) -> ChangeReport {
        let before = self.status_flags();
        let mut flags = before;
        let first = |word| statement.is(0, word);
        if first("begin") || first("start") {
            flags.insert(StatusFlags::IN_TRANS);
            let is_read_only = statement.canonical().contains("read only");
            flags.set(StatusFlags::IN_TRANS_READONLY, is_read_only);
        } else if (first("commit") || first("rollback")) && statement.position("to").is_none() {
            let chain = statement.position("chain");
            match chain.is_some_and(|at| !statement.is(at.saturating_sub(1), "no")) {
                true => flags.insert(StatusFlags::IN_TRANS),
                false => flags.remove(OPEN),
            }
        }
        self.state.status_flags = Some(flags);
        let has_changed = (before ^ flags).contains(StatusFlags::IN_TRANS);
        let state: &[u8] = match flags.contains(StatusFlags::IN_TRANS) {
            true => b"T_______",
            false => b"________",
        };
        let state = SessionStateChange::TransactionState(state.into());
        let is_reported = has_changed && self.reports_transactions();
        ChangeReport {
            changes: is_reported.then_some(state).into_iter().collect(),
            ..ChangeReport::default()
        }
    }

    /// Whether an OK reports the state of the transaction. Seen: MySQL 9.7 reports it to all clients, though its
    /// variable `session_track_transaction_info` is OFF.
    fn reports_transactions(&self) -> bool {
        let tracked = self.session_value("session_track_transaction_info");
        let is_on = tracked.is_some_and(|tracked| tracked != Value::text("OFF"));
        is_on || (!self.is_mariadb() && self.dialect.version >= 90_700)
    }

    /// Takes a schema into use.
    pub(super) fn use_schema(&mut self, name: String) -> Result<ChangeReport, Failure> {
        if name.is_empty() {
            return Err(Failure::no_schema());
        }
        self.state.schema = Some(name.clone().into());
        Ok(ChangeReport {
            changes: vec![SessionStateChange::Schema(name.into())],
            ..ChangeReport::default()
        })
    }
}

/// A value of `resultset_metadata`, by its name or its number.
pub(super) fn metadata(value: &str) -> Option<&'static str> {
    match value.to_uppercase().as_str() {
        NONE | "0" => Some(NONE),
        FULL | "1" => Some(FULL),
        _ => None,
    }
}

const NONE: &str = "NONE";
const FULL: &str = "FULL";
const OPEN: StatusFlags = StatusFlags::IN_TRANS.union(StatusFlags::IN_TRANS_READONLY);
