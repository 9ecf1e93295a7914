use std::sync::Arc;

use crate::text::{Literals, Spacing, Statement, digest_text, elements, render};
use crate::value::Pattern;
use mynah_sql::Reading;

/// What is expected of a statement's text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TextMatch {
    /// The whole text. Its literals are compared by value, its placeholders with the expected parameters.
    Statement(Statement),
    /// Its beginning.
    Prefix(Prefix),
    /// A regular expression that is found in it, with one blank in place of white space.
    Regex(Pattern),
    /// Its digest.
    Digest(Arc<str>),
}

impl TextMatch {
    /// The whole text.
    #[must_use]
    pub fn statement(text: &str) -> Self {
        Self::Statement(Statement::new(text))
    }

    /// Its beginning.
    #[must_use]
    pub fn prefix(text: &str) -> Self {
        let elements = elements(text, Reading::default());
        let mut joined = render(text, &elements, Spacing::Joined, Literals::AsSent);
        if text.ends_with(char::is_whitespace) && !joined.is_empty() {
            joined.push(' ');
        }
        Self::Prefix(Prefix {
            text: text.into(),
            joined: joined.into(),
        })
    }

    /// A statement that has the same digest as this one, or this digest.
    #[must_use]
    pub fn digest(text: &str) -> Self {
        Self::Digest(digest_text(text, Reading::default()).into())
    }

    /// The key that it has in JSON.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Statement(_) => "stmt",
            Self::Prefix(_) => "stmt_prefix",
            Self::Regex(_) => "stmt_regex",
            Self::Digest(_) => "digest",
        }
    }

    /// As it was written; a digest as it was made of it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Statement(statement) => statement.text(),
            Self::Prefix(prefix) => &prefix.text,
            Self::Regex(pattern) => pattern.as_str(),
            Self::Digest(digest) => digest,
        }
    }
}

/// The beginning of a statement's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    text: Arc<str>,
    /// With one blank between all that is in it.
    joined: Arc<str>,
}

impl Prefix {
    pub(crate) fn joined(&self) -> &Arc<str> {
        &self.joined
    }
}
