use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::error_code;
use mynah_classic::response::SessionStateChange;
use mynah_classic::tables::Collation;

use crate::placeholders::Dialect;
use crate::{CharacterSets, Completion, Outcome};

/// The state of a session: status flags, character sets, schema, warnings. OK and EOF packets report a part of it, and
/// statements like `SELECT DATABASE()` read it. Answers change the state; COM_RESET_CONNECTION, or a `Session.Reset` of
/// the X Protocol that keeps the session open, resets all of it but the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionState {
    /// The status flags that hold until a statement changes them, see [`LASTING`](Self::LASTING). `None` until the
    /// greeting has one of them or an answer has status flags; till then, OK and EOF packets have only the flags of
    /// their own answer.
    pub status_flags: Option<StatusFlags>,
    /// The character sets of statements and answers.
    pub character_sets: CharacterSets,
    /// The schema in use; `None` if there is none.
    pub schema: Option<Bytes>,
    /// How many warnings the last statement left; 1 after an error.
    pub warning_count: u16,
    /// Whether `"` quotes names: `sql_mode` has ANSI_QUOTES. MySQL has no status flag for this, MariaDB has one.
    pub ansi_quotes: bool,
    /// Whether result sets are sent without column definitions: the client has set `resultset_metadata` to NONE,
    /// which counts only with OPTIONAL_RESULTSET_METADATA.
    pub without_metadata: bool,
}

impl SessionState {
    /// The status flags that describe the session and stay set. All others describe a single answer.
    pub const LASTING: StatusFlags = StatusFlags::IN_TRANS
        .union(StatusFlags::IN_TRANS_READONLY)
        .union(StatusFlags::AUTOCOMMIT)
        .union(StatusFlags::NO_BACKSLASH_ESCAPES)
        .union(StatusFlags::ANSI_QUOTES);

    /// The state right after a login, to a server whose greeting has these status flags.
    #[must_use]
    pub fn greeted(
        status_flags: StatusFlags,
        character_sets: CharacterSets,
        schema: Option<Bytes>,
    ) -> Self {
        let lasting = status_flags & Self::LASTING;
        Self {
            status_flags: Some(lasting).filter(|flags| !flags.is_empty()),
            character_sets,
            schema,
            ..Self::default()
        }
    }

    /// The status flags for OK and EOF packets; empty if none are set.
    #[must_use]
    pub fn flags(&self) -> StatusFlags {
        self.status_flags.unwrap_or_default()
    }

    /// Whether `"` quotes names instead of texts.
    #[must_use]
    pub fn has_ansi_quotes(&self) -> bool {
        self.ansi_quotes || self.flags().contains(StatusFlags::ANSI_QUOTES)
    }

    /// Whether autocommit is on: the status flags have AUTOCOMMIT, or aren't known (`None`).
    #[must_use]
    pub fn is_autocommit(&self) -> bool {
        let on = StatusFlags::AUTOCOMMIT;
        self.status_flags.is_none_or(|flags| flags.contains(on))
    }

    /// Applies what an answer says of the session: its state, status flags, warnings, schema, and the variables
    /// `autocommit`, `resultset_metadata` and those of the character sets. `dialect` decides which collation is the
    /// default of a character set.
    pub fn take_over(&mut self, completion: &Completion, dialect: Dialect) {
        if let Some(state) = &completion.state {
            self.clone_from(state);
        }
        if let Some(flags) = completion.status_flags {
            self.status_flags = Some(flags & Self::LASTING);
        }
        self.warning_count = completion.warning_count;
        for change in completion.session_state_changes.iter().flatten() {
            match change {
                SessionStateChange::Schema(name) => {
                    self.schema = Some(name).filter(|name| !name.is_empty());
                }
                SessionStateChange::SystemVariable { name, value } => {
                    self.take_over_variable(&name, &value, dialect);
                }
                _ => {}
            }
        }
    }

    /// Applies what an outcome says of the session; returns whether the schema is another one now.
    pub(crate) fn take_over_outcome(&mut self, outcome: &Outcome, dialect: Dialect) -> bool {
        let schema = self.schema.clone();
        match outcome {
            Outcome::Ok(completion) => self.take_over(completion, dialect),
            Outcome::Rows(result) => self.take_over(&result.end, dialect),
            Outcome::Error(failure) => self.take_over_error(failure.code),
            _ => {}
        }
        self.schema != schema
    }

    /// Applies an error: some errors, such as 1213 (deadlock), roll the transaction back and so end it.
    pub fn take_over_error(&mut self, code: u16) {
        if ENDING_TRANSACTION.contains(&code)
            && let Some(flags) = &mut self.status_flags
        {
            flags.remove(StatusFlags::IN_TRANS | StatusFlags::IN_TRANS_READONLY);
        }
    }

    fn take_over_variable(&mut self, name: &[u8], value: &[u8], dialect: Dialect) {
        // A collation of the character set stays: the variable says nothing of it.
        let set = |current: u16| {
            let named = str::from_utf8(value).ok()?;
            let named = dialect.collation_of(named)?.id;
            Some(match are_of_one_set(dialect, current, named) {
                true => current,
                false => named,
            })
        };
        let sets = &mut self.character_sets;
        match name {
            b"autocommit" => {
                let is_on = value.eq_ignore_ascii_case(b"ON") || value == b"1";
                let mut flags = self.flags();
                flags.set(StatusFlags::AUTOCOMMIT, is_on);
                self.status_flags = Some(flags);
            }
            b"character_set_client" => sets.client = set(sets.client).unwrap_or(sets.client),
            b"character_set_connection" => {
                sets.connection = set(sets.connection).unwrap_or(sets.connection);
            }
            b"character_set_results" if value.is_empty() => sets.results = None,
            b"character_set_results" => {
                sets.results = set(sets.results.unwrap_or_default()).or(sets.results);
            }
            b"resultset_metadata" => self.without_metadata = value.eq_ignore_ascii_case(b"NONE"),
            _ => {}
        }
    }
}

/// The errors with which servers roll back the whole transaction, not only the statement.
const ENDING_TRANSACTION: [u16; 3] = [
    error_code::ER_LOCK_DEADLOCK,
    error_code::ER_LOCK_TABLE_FULL,
    error_code::ER_XA_RBDEADLOCK,
];

/// Whether two collations are of one character set.
fn are_of_one_set(dialect: Dialect, one: u16, other: u16) -> bool {
    let set = |id| Collation::by_id(dialect.product(), id).map(|found| found.character_set);
    set(one) == set(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadlock_ends_the_transaction_and_a_duplicate_key_does_not() {
        let on = StatusFlags::AUTOCOMMIT | StatusFlags::IN_TRANS;
        let after = |code| {
            let mut state = SessionState {
                status_flags: Some(on),
                ..SessionState::default()
            };
            state.take_over_error(code);
            state.flags()
        };
        assert_eq!(after(error_code::ER_LOCK_DEADLOCK), StatusFlags::AUTOCOMMIT);
        assert_eq!(after(1062), on);
        let mut unsaid = SessionState::default();
        unsaid.take_over_error(error_code::ER_LOCK_DEADLOCK);
        assert_eq!(unsaid, SessionState::default());
    }
}
