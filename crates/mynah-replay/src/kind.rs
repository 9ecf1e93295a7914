use mynah_sql::{Outline, Reading, StatementKind, TokenKind, Tokens};

/// What a statement does, as far as this matters for what the server has to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It reads.
    Reading,
    /// It may change data.
    Changing,
    /// It changes what a transaction can't undo, such as tables, and ends the transaction.
    Committing,
    /// It changes the session's state, and no data that others see, except in a text of several statements.
    Session,
}

impl Kind {
    /// What one statement does.
    pub(crate) fn of(outline: &Outline, words: &[Word]) -> Self {
        match outline.kind {
            StatementKind::Set
            | StatementKind::Use
            | StatementKind::Transaction
            | StatementKind::Xa
            | StatementKind::Lock
            | StatementKind::Handler
            | StatementKind::Diagnostics
            | StatementKind::Prepare
            | StatementKind::Execute
            | StatementKind::Deallocate
            | StatementKind::Kill
            | StatementKind::Replication => Self::Session,
            StatementKind::Select
            | StatementKind::LockingSelect
            | StatementKind::SelectInto
            | StatementKind::Do
            | StatementKind::Show
            | StatementKind::Explain => match () {
                () if sets_state(words) => Self::Session,
                () if outline.kind == StatementKind::Do || counts_up(words) => Self::Changing,
                () => Self::Reading,
            },
            StatementKind::Ddl if is_temporary(words) => Self::Session,
            StatementKind::Ddl
            | StatementKind::Account
            | StatementKind::Admin
            | StatementKind::Flush => Self::Committing,
            // In doubt a statement counts as changing data: if the recording answers it, the gate notes that the
            // server lacks the change.
            _ => Self::Changing,
        }
    }

    /// What a command of the X Plugin does.
    pub(crate) fn of_admin(name: &str) -> Self {
        match name {
            "list_objects" | "get_collection_options" => Self::Reading,
            "ping" | "list_notices" | "enable_notices" | "disable_notices" | "list_clients"
            | "kill_client" => Self::Session,
            _ => Self::Committing,
        }
    }
}

/// A token of a statement, without its place: a word or a number in capitals, or a sign. Texts and quoted names are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word(String);

impl Word {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.0 == text
    }

    pub(crate) fn is_one_of(&self, all: &[&str]) -> bool {
        all.contains(&self.0.as_str())
    }
}

/// The tokens of each statement in a text.
pub(crate) fn words(sql: &str, reading: Reading) -> Vec<Word> {
    let tokens = Tokens::new(sql.as_bytes(), reading);
    let word = |token: mynah_sql::Token| {
        let text = sql.as_bytes().get(token.range).unwrap_or_default();
        Word(match token.kind {
            TokenKind::Word | TokenKind::Number => {
                String::from_utf8_lossy(text).to_ascii_uppercase()
            }
            TokenKind::Sign(sign) => char::from(sign).to_string(),
            TokenKind::Name | TokenKind::Text | TokenKind::Placeholder => String::new(),
        })
    };
    tokens.map(word).collect()
}

/// Whether a statement that reads also sets a variable, or takes or frees a lock.
fn sets_state(words: &[Word]) -> bool {
    let pairs = words.windows(2);
    let mut pairs = pairs.filter_map(|pair| match pair {
        [one, other] => Some((one, other)),
        _ => None,
    });
    pairs.any(|(one, other)| {
        (one.is(":") && other.is("="))
            || (one.is("INTO") && other.is("@"))
            || (other.is("(") && one.is_one_of(LOCKS))
    })
}

/// Whether a statement that reads takes the next number of a sequence.
fn counts_up(words: &[Word]) -> bool {
    let calls = words.windows(2).any(|pair| {
        matches!(pair, [name, open] if open.is("(") && name.is_one_of(&["NEXTVAL", "SETVAL"]))
    });
    let next = |next: &[Word]| matches!(next, [next, value, of] if next.is("NEXT") && value.is("VALUE") && of.is("FOR"));
    calls || words.windows(3).any(next)
}

fn is_temporary(words: &[Word]) -> bool {
    let mut rest = words.iter().skip(1);
    let after = rest.find(|word| !word.is_one_of(&["OR", "REPLACE"]));
    after.is_some_and(|word| word.is("TEMPORARY"))
}

const LOCKS: &[&str] = &["GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS"];
