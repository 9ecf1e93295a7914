//! Names of variables, columns and options that have a password for their value.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Whether the name of a variable, a column, an option or a field says that its value is a password: `password`,
/// `api_secret`, `db_pass`; but not `password_lifetime`.
#[must_use]
pub fn is_password_name(name: &[u8]) -> bool {
    let name = name.trim_ascii().to_ascii_lowercase();
    let contains = |part: &&[u8]| name.windows(part.len()).any(|window| window == *part);
    let says_so =
        PARTS.iter().any(contains) || WHOLE.contains(&&name[..]) || name.ends_with(b"pass");
    says_so && !ABOUT.iter().any(|end| name.ends_with(end))
}

/// Whether a text contains a word that occurs in names of passwords, such as `password` or `secret`. A quick
/// test before a closer search.
#[must_use]
pub fn mentions_password(text: &[u8]) -> bool {
    MENTIONS.are_in(text)
}

/// Whether it is worth to look for passwords in a statement.
pub(super) fn may_have_passwords(sql: &[u8]) -> bool {
    HINTS.are_in(sql)
}

/// Words to look for in a text.
pub(super) struct Words {
    groups: &'static [&'static [&'static [u8]]],
    /// What looks for all of them at once.
    search: OnceLock<Option<AhoCorasick>>,
}

impl Words {
    pub(super) const fn new(groups: &'static [&'static [&'static [u8]]]) -> Self {
        Self {
            groups,
            search: OnceLock::new(),
        }
    }

    /// Whether one of them is in a text, in whatever case.
    pub(super) fn are_in(&self, text: &[u8]) -> bool {
        let search = self.search.get_or_init(|| {
            let mut builder = AhoCorasick::builder();
            builder
                .ascii_case_insensitive(true)
                .kind(Some(AhoCorasickKind::DFA));
            builder.build(self.groups.iter().copied().flatten()).ok()
        });
        // It can't be made of more words than fit into 32 bits only.
        search.as_ref().is_none_or(|search| search.is_match(text))
    }
}

/// Statements that run others.
pub(super) static RUNS: Words = Words::new(&[RUNS_OTHERS]);
pub(super) static SQL_MODE: Words = Words::new(&[MODE]);
/// What statements that change the client's character set have in them.
pub(super) static CHARACTER_SET: Words = Words::new(&[SETS_CHARACTERS]);
/// What statements have in them that change how those behind them are read. One search for all: nearly every
/// statement has none of them.
pub(super) static SETTINGS: Words = Words::new(&[RUNS_OTHERS, MODE, SETS_CHARACTERS]);
/// Comments that some servers run.
pub(super) static RUN_COMMENTS: Words = Words::new(&[&[b"/*!", b"/*m!"]]);

static MENTIONS: Words = Words::new(&[PARTS, &[b"pass", b"pw", b"identified"]]);
static HINTS: Words = Words::new(&[PARTS, HINTS_BESIDES]);

const RUNS_OTHERS: &[&[u8]] = &[b"call", b"execute"];
const MODE: &[&[u8]] = &[b"sql_mode"];
const SETS_CHARACTERS: &[&[u8]] = &[b"names", b"charset", b"character", b"char set"];

const PARTS: &[&[u8]] = &[
    b"passw",
    b"pwd",
    b"passphrase",
    b"secret",
    b"credential",
    b"authentication_string",
    b"auth_string",
    b"sst_auth",
    b"private_key",
    b"api_key",
    b"apikey",
    b"access_key",
    b"challenge_response",
];

const WHOLE: &[&[u8]] = &[b"pw", b"connection"];

/// What is no password, but about one.
const ABOUT: &[&[u8]] = &[
    b"password_expired",
    b"password_last_changed",
    b"password_lifetime",
    b"password_history",
    b"password_reuse_history",
    b"password_reuse_time",
    b"password_reuse_interval",
    b"password_require_current",
    b"password_lock_time",
    b"password_errors",
];

/// Statements that are written in a text, addresses, functions that take keys, tables of accounts.
const HINTS_BESIDES: &[&[u8]] = &[
    b"identified",
    b"pass",
    b"pw",
    b"connection",
    b"://",
    b"aes_",
    b"des_",
    b"call",
    b"mysql",
    b"prepare",
    b"immediate",
    b"@",
    b"0x",
    b"x'",
    b"user",
    b"grant",
];
