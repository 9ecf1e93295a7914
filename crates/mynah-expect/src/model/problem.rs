use std::fmt;

/// What is wrong with an expectation, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Problem {
    /// Where: `expectations[3].params[0]`.
    pub path: String,
    /// What.
    pub kind: ProblemKind,
}

/// The kinds of mistakes in an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A key that means nothing.
    UnknownKey {
        /// The key.
        key: String,
        /// One that is similar.
        similar: Option<String>,
        /// All that would mean something.
        known: Vec<String>,
    },
    /// A name that means nothing.
    UnknownName {
        /// The name.
        name: String,
        /// One that is similar.
        similar: Option<String>,
        /// All that would mean something.
        known: Vec<String>,
    },
    /// A value of another kind is needed.
    Expect {
        /// What is needed.
        wanted: &'static str,
        /// What is there.
        found: String,
    },
    /// Two keys that exclude each other.
    Conflict(String, String),
    /// A regular expression that is none.
    Regex(String),
    /// There aren't as many parameters as placeholders.
    Params {
        /// How many placeholders the statement has.
        placeholders: usize,
        /// How many parameters are expected.
        params: usize,
    },
    /// A minimum above its maximum.
    Range,
    /// A sequence of stubs, which have no order.
    SequenceOfStubs,
    /// A statement without text, which no client sends.
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

/// The one of several words that a mistyped one is most similar to, if one is similar at all.
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
