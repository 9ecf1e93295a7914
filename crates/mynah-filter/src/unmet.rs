use std::borrow::Cow;

use nom::error::{ErrorKind, ParseError};
use nom::{Err, IResult};

/// Where a rule didn't hold, and what it wanted.
#[derive(Debug, PartialEq)]
pub(crate) struct Unmet {
    /// How much of the text was left.
    pub(crate) left: usize,
    pub(crate) expected: Cow<'static, str>,
}

impl ParseError<&str> for Unmet {
    fn from_error_kind(input: &str, _kind: ErrorKind) -> Self {
        Self {
            left: input.len(),
            expected: "a condition".into(),
        }
    }

    fn append(_input: &str, _kind: ErrorKind, other: Self) -> Self {
        other
    }

    /// What got further is what was meant.
    fn or(self, other: Self) -> Self {
        if other.left <= self.left { other } else { self }
    }
}

pub(crate) type Parsed<'a, T> = IResult<&'a str, T, Unmet>;

pub(crate) fn failure(text: &str, expected: impl Into<Cow<'static, str>>) -> Err<Unmet> {
    // A failure ends the parse. After an error, nom's list of conditions would end before the last `and` or `or`,
    // and an earlier column would be reported.
    Err::Failure(Unmet {
        left: text.len(),
        expected: expected.into(),
    })
}
