use std::fmt;

/// A mistake in a fault's JSON, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Problem {
    /// The path of the value: `fault.latency.jitter`.
    pub path: String,
    /// What the mistake is, in the value at this path.
    pub kind: ProblemKind,
}

/// The kinds of mistakes in a fault's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A key that isn't allowed at this place.
    UnknownKey {
        /// The key that isn't allowed.
        key: String,
        /// An allowed key that it may be a misspelling of; `None` if none is similar.
        similar: Option<&'static str>,
        /// All keys that are allowed at this place.
        known: Vec<&'static str>,
    },
    /// A name that isn't allowed at this place.
    UnknownName {
        /// The name that isn't allowed.
        name: String,
        /// An allowed name that it may be a misspelling of; `None` if none is similar.
        similar: Option<&'static str>,
        /// All names that are allowed at this place.
        known: Vec<&'static str>,
    },
    /// A value of the wrong type, or out of range.
    Expect {
        /// What the value should be, in words.
        wanted: &'static str,
        /// The value that was found, for messages.
        found: String,
    },
    /// These two keys exclude each other.
    Conflict(&'static str, &'static str),
    /// The key that the path ends with is missing, and the other keys need it.
    Missing,
    /// The fault has no effect: it has no key besides `toxicity`.
    Empty,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey {
                key,
                similar,
                known,
            } => {
                write!(f, "unknown key \"{key}\"; ")?;
                suggestion(f, *similar, known)
            }
            Self::UnknownName {
                name,
                similar,
                known,
            } => {
                write!(f, "there is no \"{name}\"; ")?;
                suggestion(f, *similar, known)
            }
            Self::Expect { wanted, found } => write!(f, "needs {wanted}, but is {found}"),
            Self::Conflict(one, other) => {
                write!(f, "has both \"{one}\" and \"{other}\"; leave one out")
            }
            Self::Missing => f.write_str("is missing"),
            Self::Empty => f.write_str("does nothing; name a fault, such as latency"),
        }
    }
}

fn suggestion(f: &mut fmt::Formatter<'_>, similar: Option<&str>, known: &[&str]) -> fmt::Result {
    match similar {
        Some(similar) => write!(f, "did you mean \"{similar}\"?"),
        None => write!(f, "there are {}", known.join(", ")),
    }
}

/// Finds the known word that `word` may be a misspelling of; `None` if none is similar enough.
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let scored = known.into_iter().map(|candidate| {
        let score = strsim::jaro_winkler(&lower, &candidate.to_lowercase());
        (candidate, score)
    });
    let best = scored.max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.filter(|&(_, score)| score > 0.8)
        .map(|(candidate, _)| candidate)
}
