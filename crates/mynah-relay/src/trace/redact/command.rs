use std::ops::Range;

use bytes::Bytes;
use mynah_session::sql::Secrets;
use mynah_sql::{Reading, TokenKind, Tokens};

use crate::trace::shown::HIDDEN;

/// The secrets of a statement that is cut off: the server may quote its rest in an error.
pub(in crate::trace) fn of_cut(sql: &[u8], secrets: &Secrets) -> Secrets {
    match secrets.is_empty() {
        true => Secrets {
            answer: true,
            ..Secrets::default()
        },
        false => Secrets::all(sql),
    }
}

/// What stands in a statement in the place of its secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HiddenAs {
    /// A word for people.
    #[default]
    Word,
    /// A literal, so that a recorded statement is the same as before but for its values.
    Literal,
}

impl HiddenAs {
    /// A statement without its secrets.
    pub(in crate::trace) fn without(
        self,
        sql: &Bytes,
        secrets: &Secrets,
        reading: Reading,
    ) -> Bytes {
        match self {
            _ if secrets.ranges.is_empty() => sql.clone(),
            Self::Word => replaced(sql, secrets, HIDDEN),
            Self::Literal => in_literals(sql, secrets, reading),
        }
    }
}

/// A statement with this in place of its secrets.
pub(crate) fn replaced(sql: &Bytes, secrets: &Secrets, by: &str) -> Bytes {
    let ranges = secrets.ranges.iter();
    put(sql, ranges.map(|range| (range.clone(), by)))
}

/// A statement with literals in the place of its secrets. A secret in the middle of a string stays in its quotes; one
/// that has only a part of a string and more takes all of the string with it.
pub(crate) fn in_literals(sql: &Bytes, secrets: &Secrets, reading: Reading) -> Bytes {
    let quoted = Tokens::new(sql, reading);
    let quoted = quoted.filter(|token| matches!(token.kind, TokenKind::Text | TokenKind::Name));
    let quoted: Vec<_> = quoted.map(|token| token.range).collect();
    let mut hidden: Vec<(Range<usize>, &str)> = Vec::new();
    for range in &secrets.ranges {
        let (mut range, mut by) = (range.clone(), LITERAL);
        let from = quoted.partition_point(|quoted| quoted.end <= range.start);
        for quoted in quoted.iter().skip(from) {
            if range.end <= quoted.start {
                break;
            }
            if quoted.start < range.start && range.end < quoted.end {
                by = mynah_recording::HIDDEN;
            } else {
                range = range.start.min(quoted.start)..range.end.max(quoted.end);
            }
        }
        while let Some((before, _)) = hidden.pop_if(|(before, _)| range.start < before.end) {
            range = range.start.min(before.start)..range.end.max(before.end);
            by = LITERAL;
        }
        hidden.push((range, by));
    }
    put(sql, hidden.into_iter())
}

fn put<'a>(sql: &Bytes, parts: impl Iterator<Item = (Range<usize>, &'a str)>) -> Bytes {
    let (mut shown, mut from) = (Vec::new(), 0);
    for (range, by) in parts {
        shown.extend_from_slice(sql.get(from..range.start).unwrap_or_default());
        shown.extend_from_slice(by.as_bytes());
        from = range.end;
    }
    shown.extend_from_slice(sql.get(from..).unwrap_or_default());
    shown.into()
}

/// The literal in the place of a secret.
const LITERAL: &str = "'***'";
