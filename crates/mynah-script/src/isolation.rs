use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// How much the sessions of a script may have in common, as users ask for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// The least work that leaves no session a trace of another: see [`Class`].
    #[default]
    Auto,
    /// A context of its own for each session of a script, whatever the script is like.
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

/// A text that names no [`Isolation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("isolation is either auto or context")]
pub struct UnknownIsolation;

/// The ways to run a script. A client sees no difference between them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// Data: no JavaScript is run for a connection.
    Static,
    /// A program that each thread compiles once, and calls for each connection.
    Factory,
    /// A program that each connection runs in a JavaScript context of its own.
    Isolated(
        /// Why it must be.
        Arc<str>,
    ),
}

impl Class {
    /// Its name: `static`, `factory` or `isolated`.
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
