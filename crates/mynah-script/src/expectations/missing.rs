use std::fmt;

/// Why a recording has a statement, but no answer to it that can be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The answer was cut off, for this reason.
    Incomplete(String),
    /// The statement was prepared, and not run.
    NeverRun,
    /// The answer can't be read, for this reason.
    Unreadable(String),
    /// The server asked for a file that the statement doesn't name.
    OtherFile(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete(why) => {
                write!(
                    f,
                    "the recorded answer is incomplete ({why}); record it again"
                )
            }
            Self::NeverRun => {
                f.write_str("the recording has the statement prepared, but never run")
            }
            Self::Unreadable(why) => write!(f, "the recorded answer can't be read: {why}"),
            Self::OtherFile(name) => write!(
                f,
                "the recorded answer asks for the file '{name}', which the statement doesn't name"
            ),
        }
    }
}
