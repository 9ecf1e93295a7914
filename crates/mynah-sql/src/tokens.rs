use std::ops::Range;

use crate::{Piece, Pieces, Reading};

/// A token of a statement: a word, a quoted name, a literal, a placeholder or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the token is: a word, a quoted name, a number, a string and so on.
    pub kind: TokenKind,
    /// The token's range of bytes in the statement.
    pub range: Range<usize>,
}

/// What a token of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, an unquoted name, or the prefix of a string such as `x` and `_utf8mb4`; not the `@` of a variable.
    Word,
    /// A name in quotes, with its quotes: back quotes, or `"` with ANSI_QUOTES.
    Name,
    /// Letters, digits, `_` and `$` from a digit on: `12`, `0x1f`, or a name such as `2nd`. Of `1.5`, both `1` and `5`
    /// are numbers, and the point is a sign.
    Number,
    /// A string in quotes, with its quotes.
    Text,
    /// The placeholder `?` of a prepared statement: a `?` that isn't directly before a letter, a digit, `_` or `$`,
    /// whether or not the statement is prepared.
    Placeholder,
    /// Any other byte, such as a bracket or a byte of an operator: `<=` is two signs.
    Sign(u8),
}

/// Iterates over the tokens of a statement, without comments. The text of a version comment that counts as
/// part of the statement is included.
#[derive(Clone, Debug)]
pub struct Tokens<'a>(Pieces<'a>);

impl<'a> Tokens<'a> {
    /// Starts at the beginning of `sql`. `reading` decides how it is parsed.
    #[must_use]
    pub fn new(sql: &'a [u8], reading: Reading) -> Self {
        Self(Pieces::new(sql, reading))
    }

    /// Whether the tokens so far aren't certain; see [`Pieces::is_torn`].
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.0.is_torn()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            if let Piece::Token(token) = self.0.next()? {
                return Some(token);
            }
        }
    }
}

#[cfg(test)]
mod tests;
