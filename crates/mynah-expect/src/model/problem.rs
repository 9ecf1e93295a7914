use std::fmt;

/// A mistake in an expectation, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Problem {
    /// The path of the value in the JSON: `expectations[3].params[0]`; empty for the whole JSON.
    pub path: String,
    /// What the mistake is, in the value at this path.
    pub kind: ProblemKind,
}

/// The kinds of mistakes in expectations.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// An object has a key that isn't allowed at this place.
    UnknownKey {
        /// The key that isn't allowed.
        key: String,
        /// An allowed key that it may be a misspelling of; `None` if none is similar.
        similar: Option<String>,
        /// All keys that are allowed at this place.
        known: Vec<String>,
    },
    /// A text is a name that isn't allowed at this place, such as an unknown command.
    UnknownName {
        /// The name that isn't allowed.
        name: String,
        /// An allowed name that it may be a misspelling of; `None` if none is similar.
        similar: Option<String>,
        /// All names that are allowed at this place.
        known: Vec<String>,
    },
    /// A value is of the wrong type, or otherwise not allowed at this place.
    Expect {
        /// What the value should be, in words: `a number`.
        wanted: &'static str,
        /// The value that was found, for messages.
        found: String,
    },
    /// These two keys exclude each other.
    Conflict(String, String),
    /// An invalid regular expression; the text says why.
    Regex(String),
    /// The number of expected parameters differs from that of the statement's placeholders.
    Params {
        /// How many placeholders the statement has.
        placeholders: usize,
        /// How many parameters the expectation has.
        params: usize,
    },
    /// A minimum is above its maximum.
    Range,
    /// A sequence that consists of stubs, which have no order.
    SequenceOfStubs,
    /// The text of a condition (`stmt`, `stmt_prefix`, `stmt_regex` or `digest`) is empty, or only white space.
    EmptyStatement,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, similar, known } => {
                write!(f, "unknown key \"{key}\"; ")?;
                suggestion(f, similar.as_deref(), known)
            }
            Self::UnknownName { name, similar, known } => {
                write!(f, "there is no \"{name}\"; ")?;
                suggestion(f, similar.as_deref(), known)
            }
            Self::Expect { wanted, found } => write!(f, "needs {wanted}, but is {found}"),
            Self::Conflict(one, other) => {
                write!(f, "has both \"{one}\" and \"{other}\"; leave one out")
            }
            Self::Regex(error) => {
                let last = error.lines().last().unwrap_or_default();
                let reason = last.strip_prefix("error: ").unwrap_or(last);
                write!(
                    f,
                    "no regular expression: {reason}; escape special characters by \\, or use stmt"
                )
            }
            Self::Params { placeholders, params } => write!(
                f,
                "the statement has {placeholders} placeholders, but there are {params} params; give one for each"
            ),
            Self::Range => f.write_str("min is above max; exchange them"),
            Self::SequenceOfStubs => f.write_str(
                "a sequence needs entries with `times`; those without come any number of times, so they \
                 have no order",
            ),
            Self::EmptyStatement => f.write_str("has no text; leave it out to match any statement"),
        }
    }
}

fn suggestion(f: &mut fmt::Formatter<'_>, similar: Option<&str>, known: &[String]) -> fmt::Result {
    match similar {
        Some(similar) => write!(f, "did you mean \"{similar}\"?"),
        None => write!(f, "there are {}", known.join(", ")),
    }
}
