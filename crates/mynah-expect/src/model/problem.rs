use std::fmt;

/// A mistake in an expectation, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Problem {
    /// The path of the value in the JSON: `expectations[3].params[0]`.
    pub path: String,
    /// What the mistake is.
    pub kind: ProblemKind,
}

/// The kinds of mistakes in expectations.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A key that isn't allowed at this place.
    UnknownKey {
        /// The key.
        key: String,
        /// One that is similar.
        similar: Option<String>,
        /// All that would mean something.
        known: Vec<String>,
    },
    /// A name that isn't allowed at this place, such as an unknown command.
    UnknownName {
        /// The name.
        name: String,
        /// One that is similar.
        similar: Option<String>,
        /// All that would mean something.
        known: Vec<String>,
    },
    /// A value of the wrong type.
    Expect {
        /// What is needed.
        wanted: &'static str,
        /// What is there.
        found: String,
    },
    /// Two keys that exclude each other.
    Conflict(String, String),
    /// An invalid regular expression; the text says why.
    Regex(String),
    /// The number of parameters differs from that of placeholders.
    Params {
        /// How many placeholders the statement has.
        placeholders: usize,
        /// How many parameters are expected.
        params: usize,
    },
    /// A minimum above its maximum.
    Range,
    /// A sequence that consists of stubs, which have no order.
    SequenceOfStubs,
    /// An empty statement, which no client sends.
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
