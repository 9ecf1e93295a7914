use std::fmt;

use crate::TextPosition;

/// A mistake in a script, or something suspicious.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The position of the mistake in the file; `None` if it isn't known.
    pub position: Option<TextPosition>,
    /// What is wrong, after the path of the value in the script: `stmts[3].strcit: …`. There is no path if the script
    /// doesn't load, for example because of a syntax error, or if the script as a whole is wrong.
    pub message: String,
}

impl Finding {
    /// The reason why a script doesn't load, which names the place itself: `at shop.js:3: SyntaxError: …`.
    pub(crate) fn of_loading(path: &str, reason: &str) -> Self {
        let rest = reason
            .strip_prefix("at ")
            .and_then(|rest| rest.strip_prefix(path));
        let placed = rest.and_then(|rest| {
            let (line, message) = rest.strip_prefix(':')?.split_once(": ")?;
            Some((line.parse().ok()?, message))
        });
        let Some((line, message)) = placed else {
            return Self {
                position: None,
                message: reason.to_owned(),
            };
        };
        let column = column(message).unwrap_or(1);
        Self {
            position: Some(TextPosition { line, column }),
            message: message.to_owned(),
        }
    }
}

/// The column in `… at line 3, col 5` or `… on line 3 column 5`.
fn column(message: &str) -> Option<u32> {
    let (_, behind) = message.rsplit_once("col")?;
    let digits = behind.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit());
    digits.get(..end.unwrap_or(digits.len()))?.parse().ok()
}

impl fmt::Display for Finding {
    /// `12:5: stmts[3].strcit: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{position}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
