use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// Which of a script's sessions may share a JavaScript context, as the user asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Sharing as far as no session can see another one by it: the script is analysed for that. [`Class`] is
    /// the result.
    #[default]
    Auto,
    /// No sharing: a context of its own for each session of a script in JavaScript.
    Context,
}

impl fmt::Display for Isolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Context => "context",
        })
    }
}

/// From what [`Display`](fmt::Display) says.
impl FromStr for Isolation {
    type Err = UnknownIsolation;

    fn from_str(name: &str) -> Result<Self, UnknownIsolation> {
        match name {
            "auto" => Ok(Self::Auto),
            "context" => Ok(Self::Context),
            _ => Err(UnknownIsolation),
        }
    }
}

/// The error for a text that isn't the name of an [`Isolation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("isolation is either auto or context")]
pub struct UnknownIsolation;

/// How a script is run. Clients see no difference, but sessions of the later classes take more time and
/// memory to open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// The script is data, such as JSON or a recording, or fails whenever it is run: no JavaScript runs for a
    /// connection.
    Static,
    /// The sessions of a thread share a JavaScript context: each thread compiles the script once, as a function that
    /// is called for each connection.
    Factory,
    /// Each connection runs the script in a JavaScript context of its own.
    Isolated(
        /// The reason why sessions don't share contexts.
        Arc<str>,
    ),
}

impl Class {
    /// The name of the class: `static`, `factory` or `isolated`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Factory => "factory",
            Self::Isolated(_) => "isolated",
        }
    }
}

/// For people, with the reason.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Static => f.write_str("static"),
            Self::Factory => f.write_str("factory"),
            Self::Isolated(reason) => write!(f, "isolated: {reason}"),
        }
    }
}
