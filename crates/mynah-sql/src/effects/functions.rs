//! Which functions are built in, and what they do to a session.

use super::Effect;
use super::tables::{Names, mariadb, mysql};
use crate::Comments;

/// How the name of a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Without quotes, directly before the parentheses.
    Adjacent,
    /// Without quotes, with something between the name and the parentheses.
    Apart,
    /// In quotes.
    Quoted,
}

/// Whether a name that is written so before parentheses can't be that of a stored or a loaded function: it is that of
/// a function that is built in, or a word that isn't a name without quotes.
pub(super) fn is_built_in(name: &[u8], form: Form, comments: Comments) -> bool {
    let is_in = |names: &Names| {
        let lists: &[&[&str]] = match form {
            Form::Adjacent => &[names.anywhere, names.without_quotes, names.adjacent],
            Form::Apart => &[names.anywhere, names.without_quotes],
            Form::Quoted => &[names.anywhere],
        };
        lists.iter().any(|list| contains(list, name))
    };
    match comments {
        Comments::OfServer {
            is_mariadb: true, ..
        } => is_in(&mariadb::NAMES),
        Comments::OfServer {
            is_mariadb: false, ..
        } => is_in(&mysql::NAMES),
        Comments::All | Comments::None => is_in(&mariadb::NAMES) && is_in(&mysql::NAMES),
    }
}

/// Whether a list of names in capitals and in order has a name, whatever its case.
fn contains(list: &[&str], name: &[u8]) -> bool {
    let compare = |own: &&str| {
        let upper = name.iter().map(u8::to_ascii_uppercase);
        own.bytes().cmp(upper)
    };
    list.binary_search_by(compare).is_ok()
}

/// What a function does to its session or asks of it. For LAST_INSERT_ID, what it does with an argument.
pub(super) fn effect(name: &[u8]) -> Option<Effect> {
    let is = |(own, _): &&(&str, Effect)| own.as_bytes().eq_ignore_ascii_case(name);
    EFFECTS.iter().find(is).map(|(_, effect)| *effect)
}

const EFFECTS: &[(&str, Effect)] = &[
    ("LAST_INSERT_ID", Effect::SetLastInsertId),
    ("ROW_COUNT", Effect::AskRowCount),
    ("FOUND_ROWS", Effect::AskFoundRows),
    ("CONNECTION_ID", Effect::AskConnectionId),
    ("PS_CURRENT_THREAD_ID", Effect::AskConnectionId),
    ("WSREP_LAST_SEEN_GTID", Effect::AskGtid),
    ("WSREP_LAST_WRITTEN_GTID", Effect::AskGtid),
    ("GET_LOCK", Effect::NamedLock),
    ("RELEASE_LOCK", Effect::NamedUnlock),
    ("RELEASE_ALL_LOCKS", Effect::NamedUnlock),
    ("SERVICE_GET_READ_LOCKS", Effect::ServiceLock),
    ("SERVICE_GET_WRITE_LOCKS", Effect::ServiceLock),
    ("SERVICE_RELEASE_LOCKS", Effect::ServiceLock),
    ("NEXTVAL", Effect::Sequence),
    ("LASTVAL", Effect::Sequence),
    ("SETVAL", Effect::Sequence),
];
