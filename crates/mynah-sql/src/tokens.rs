use std::ops::Range;

use crate::{Piece, Pieces, Reading};

/// A word, a literal or a sign of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub range: Range<usize>,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a name.
    Word,
    /// A name in quotes.
    Name,
    /// A number, hexadecimal ones too.
    Number,
    /// A text in quotes.
    Text,
    /// `?`.
    Placeholder,
    /// Anything else.
    Sign(u8),
}

/// The tokens of a statement, one after the other. Comments are left out; of those that are run, only
/// their marks are.
#[derive(Clone, Debug)]
pub struct Tokens<'a>(Pieces<'a>);

impl<'a> Tokens<'a> {
    /// The tokens of `sql`.
    #[must_use]
    pub fn new(sql: &'a [u8], reading: Reading) -> Self {
        Self(Pieces::new(sql, reading))
    }

    /// Whether the tokens read so far aren't sure; see [`Pieces::is_torn`].
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
