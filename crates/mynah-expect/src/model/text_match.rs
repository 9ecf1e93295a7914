use std::sync::Arc;

use super::ProblemKind;
use crate::text::{Literals, Spacing, Statement, digest_text, elements, render};
use crate::value::{Matcher, Pattern};
use mynah_sql::Reading;

/// The condition of an expectation on a statement's text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TextMatch {
    /// The whole text, `stmt` in JSON. White space outside of quotes doesn't count. A value that the statement has in
    /// place of a literal of this text, written or bound, must be equal to the literal; one in place of a placeholder
    /// must meet its condition in [`Expectation::params`](super::Expectation::params), if there are any.
    Statement(Statement),
    /// The beginning of the text, `stmt_prefix` in JSON; see [`Prefix`].
    Prefix(Prefix),
    /// A regular expression that is searched in the text, with one blank for each run of white space outside of
    /// quotes; also in the text with the bound values in place of placeholders, and in that with `?` in place of
    /// literals.
    Regex(Pattern),
    /// The digest of the text, as [`digest_text`](crate::digest_text) computes it.
    Digest(Arc<str>),
}

impl TextMatch {
    /// The condition that a statement has this text.
    #[must_use]
    pub fn statement(text: &str) -> Self {
        Self::Statement(Statement::new(text))
    }

    /// The condition that a statement begins with this text.
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

    /// The condition that the text has the same digest as this one. A digest may be given as well.
    #[must_use]
    pub fn digest(text: &str) -> Self {
        Self::Digest(digest_text(text, Reading::default()).into())
    }

    /// The condition's key in JSON: `stmt`, `stmt_prefix` and the like.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Statement(_) => "stmt",
            Self::Prefix(_) => "stmt_prefix",
            Self::Regex(_) => "stmt_regex",
            Self::Digest(_) => "digest",
        }
    }

    /// What is wrong with conditions on parameters beside this one: a whole text needs one for each placeholder. `None`
    /// if they fit.
    #[must_use]
    pub fn misfit_of(&self, params: &[Matcher]) -> Option<ProblemKind> {
        let Self::Statement(statement) = self else {
            return None;
        };
        let placeholders = statement.placeholders();
        (placeholders != params.len()).then_some(ProblemKind::Params {
            placeholders,
            params: params.len(),
        })
    }

    /// The text of the condition as it was written; for a digest, the digest.
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

/// The beginning that a statement's text must have, without regard to white space outside of quotes; but with white
/// space at its end, its last word must end there in the statement, too.
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
