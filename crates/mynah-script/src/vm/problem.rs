use std::fmt;

use boa_engine::{Context, JsError};

use mynah_session::Failure;

use super::depth::{TOO_DEEP, is_recursion};
use super::thrown;
use crate::document::Misfit;

/// Why a script gave no answer.
#[derive(Debug)]
pub(crate) enum Problem {
    /// It returned a value of the wrong kind.
    Misfit(Misfit),
    /// It threw this, as text.
    Thrown(String),
    /// An error for the client, in its own words.
    Failed(Failure),
    /// It was ended for this reason, and its context can't be used any more.
    Ended(String),
}

impl Problem {
    /// From an error of Boa's, which a limit may have raised.
    pub(crate) fn from_js(error: &JsError, context: &mut Context) -> Self {
        let reason = thrown::reason(error, context);
        if is_recursion(error) {
            return Self::Thrown(format!("RangeError: {TOO_DEEP}: {reason}"));
        }
        match error.as_engine() {
            Some(_) => Self::Ended(reason),
            None => Self::Thrown(reason),
        }
    }
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misfit(misfit) => misfit.fmt(f),
            Self::Thrown(reason) | Self::Ended(reason) => f.write_str(reason),
            Self::Failed(failure) => f.write_str(&String::from_utf8_lossy(&failure.message)),
        }
    }
}
