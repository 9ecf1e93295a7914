//! `SHOW …`

use std::borrow::Cow;

use mynah_session::{Outcome, WarningLevel};

use super::expression::Stop;
use super::facts::Facts;
use super::limit::Limit;
use super::result::result;
use super::shown::{Shown, starts};
use super::tokens::Slice;
use super::{listing, system};

/// What a SHOW shows, if it is one of these.
pub(super) fn show(what: Slice<'_>, facts: &Facts, for_tools: bool) -> Option<Outcome> {
    let shown = general(what, facts);
    let shown = shown.or_else(|| for_tools.then(|| listing::show(what, facts)).flatten());
    Some(match shown?.outcome(facts) {
        Ok(table) => Outcome::Rows(result(&table, facts)),
        Err(Stop::Failed(failure)) => Outcome::Error(failure),
        Err(Stop::Unknown) => return None,
    })
}

/// What is shown to all clients, also without `--prelude tools`.
fn general<'a>(what: Slice<'a>, facts: &Facts) -> Option<Shown<'a>> {
    let known = |name: &str| facts.catalog().table(name);
    let rows = |name: &str, rows| Some(system::with_rows(known(name)?, rows));
    let is_global = what.is(0, "global");
    let scoped = what.after_any(&["global", "session", "local"]);
    if let Some(filter) = scoped.after("variables") {
        let rows = rows("show variables", system::variables(facts, is_global));
        return Some(Shown::Filtered(rows?, filter));
    }
    if let Some(filter) = scoped.after("status") {
        let rows = rows("show status", system::status(facts));
        return Some(Shown::Filtered(rows?, filter));
    }
    for (kind, only_errors) in [("warnings", false), ("errors", true)] {
        if let Some(limit) = what.after(kind) {
            let rows = rows("show warnings", conditions(facts, only_errors));
            let limit = match limit.after("limit") {
                Some(limit) => Some(Limit::read(limit)?),
                None if limit.is_empty() => None,
                None => return None,
            };
            let mut table = rows?.into_owned();
            if let Some(limit) = limit {
                table.rows = limit.of(table.rows);
            }
            return Some(Shown::Whole(Cow::Owned(table)));
        }
        if what.canonical() == format!("count ( * ) {kind}") {
            let count = conditions(facts, only_errors).len().to_string();
            let name = format!("show count(*) {kind}");
            return Some(Shown::Whole(rows(&name, vec![vec![Some(count)]])?));
        }
    }
    let names: [(&[&str], &str); 7] = [
        (&["collation"], "show collation"),
        (&["character", "set"], "show character set"),
        (&["charset"], "show character set"),
        (&["char", "set"], "show character set"),
        (&["engines"], "show engines"),
        (&["storage", "engines"], "show engines"),
        (&["plugins"], "show plugins"),
    ];
    let (words, name) = names.iter().find(|(words, _)| starts(what, words))?;
    Some(Shown::Filtered(
        Cow::Borrowed(known(name)?),
        what.from(words.len())?,
    ))
}

/// Whether servers send a statement's columns only when it is executed, and none when it is prepared.
pub(super) fn is_described_late(statement: Slice<'_>, facts: &Facts) -> bool {
    let Some(what) = statement.after("show") else {
        return false;
    };
    let what = what.after_any(&["full", "storage"]);
    let is = |words: &[&str]| words.iter().any(|word| what.is(0, word));
    is(&LATE) || (!facts.is_mariadb() && is(&LATE_IN_MYSQL))
}

const LATE: [&str; 6] = [
    "engines",
    "plugins",
    "processlist",
    "profiles",
    "warnings",
    "errors",
];
const LATE_IN_MYSQL: [&str; 3] = ["grants", "create", "count"];

/// The warnings and the error that the last statement left.
fn conditions(facts: &Facts, only_errors: bool) -> Vec<Vec<Option<String>>> {
    let row = |level: &str, code: u16, message: &[u8]| {
        let message = String::from_utf8_lossy(message).into_owned();
        vec![
            Some(level.to_owned()),
            Some(code.to_string()),
            Some(message),
        ]
    };
    let mut rows = Vec::new();
    for warning in &facts.last.warnings {
        let level = match warning.level {
            WarningLevel::Note => "Note",
            WarningLevel::Warning => "Warning",
            WarningLevel::Error => "Error",
        };
        if !only_errors || warning.level == WarningLevel::Error {
            rows.push(row(level, warning.code, &warning.message));
        }
    }
    let failure = facts.last.failure.iter();
    rows.extend(failure.map(|failure| row("Error", failure.code, &failure.message)));
    rows
}
