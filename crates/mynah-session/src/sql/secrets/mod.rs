//! Finds the passwords in a statement.

mod comparison;
mod content;
mod finder;
mod verb;

use std::borrow::Cow;
use std::ops::Range;

use mynah_sql::Reading;

use super::{Settings, names};
use finder::Finder;

/// The parts of a statement that may be passwords, so that they aren't shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The byte ranges of the secrets in the statement's text, in order, without overlap.
    pub ranges: Vec<Range<usize>>,
    /// Whether the values of placeholders may be passwords.
    pub parameters: bool,
    /// Whether the server's answer may contain passwords.
    pub answer: bool,
}

impl Secrets {
    /// Whether nothing must be hidden: no part of the statement, no parameters and no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && !self.parameters && !self.answer
    }

    /// Secrets that hide everything: the whole text, the parameters and the answer.
    #[must_use]
    pub fn all(sql: &[u8]) -> Self {
        let mut secrets = Self::of_unknown();
        secrets.ranges.push(0..sql.len());
        secrets
    }

    /// Secrets for a statement whose text isn't known: parameters and answer are hidden.
    #[must_use]
    pub fn of_unknown() -> Self {
        Self {
            ranges: Vec::new(),
            parameters: true,
            answer: true,
        }
    }

    /// Finds the literals of a statement that may be passwords; in doubt, a literal counts as one. If unknown settings
    /// allow several ways to parse the statement, a password in any of them counts. A statement without a word or sign
    /// that hints at passwords has no secrets. In one with such a hint, the whole statement, the parameters and the
    /// answer are secret if the end of a literal can't be found, or if a text of more than 1 MiB can be parsed in
    /// several ways.
    #[must_use]
    pub fn of(sql: &[u8], settings: &Settings) -> Self {
        // Nearly all statements end here, after one search for all words at once.
        if !names::may_have_passwords(sql) {
            return Self::default();
        }
        let readings = settings.readings(sql);
        // Each reading costs a walk; a statement this long would hold up its connection.
        if readings.len() > 1 && sql.len() > LONG {
            return Self::all(sql);
        }
        let mut secrets = Self::default();
        for reading in readings {
            let found = Finder::new(sql, reading, 0).find();
            // A reading in which the end of a literal isn't known hides nothing for sure.
            if found.is_torn {
                return Self::all(sql);
            }
            secrets.parameters |= found.secrets.parameters;
            secrets.answer |= found.secrets.answer;
            secrets.ranges.extend(found.secrets.ranges);
        }
        secrets.merge();
        secrets
    }

    /// Whether a text that is no statement seems to contain passwords: a value, JSON, or a message of the server that
    /// quotes a statement.
    #[must_use]
    pub fn are_in(text: &[u8]) -> bool {
        let reading = Reading::default();
        content::has_password(text, reading, 0)
            || content::has_password(
                text,
                Reading {
                    no_backslash_escapes: true,
                    ..reading
                },
                0,
            )
    }

    /// The statement with each secret range replaced by `***`.
    #[must_use]
    pub fn mask<'a>(&self, sql: &'a [u8]) -> Cow<'a, [u8]> {
        if self.ranges.is_empty() {
            return Cow::Borrowed(sql);
        }
        let (mut masked, mut from) = (Vec::with_capacity(sql.len()), 0);
        for range in &self.ranges {
            masked.extend_from_slice(sql.get(from..range.start).unwrap_or_default());
            masked.extend_from_slice(b"***");
            from = range.end;
        }
        masked.extend_from_slice(sql.get(from..).unwrap_or_default());
        Cow::Owned(masked)
    }

    /// Adds a range of bytes to hide.
    pub fn add(&mut self, range: Range<usize>) {
        self.ranges.push(range);
        self.merge();
    }

    fn merge(&mut self) {
        let ranges = &mut self.ranges;
        ranges.retain(|range| !range.is_empty());
        ranges.sort_by_key(|range| range.start);
        ranges.dedup_by(|next, before| {
            let joins = next.start <= before.end;
            if joins {
                before.end = before.end.max(next.end);
            }
            joins
        });
        // A list of values is as well hidden as one.
        if ranges.len() > MOST_RANGES
            && let (Some(first), Some(last)) = (ranges.first(), ranges.last())
        {
            let whole = first.start..last.end;
            ranges.clear();
            ranges.push(whole);
        }
    }
}

/// How long a statement may be that is read in several ways.
const LONG: usize = 1024 * 1024;

const MOST_RANGES: usize = 4096;

#[cfg(test)]
mod tests;
