//! Statements in tokens: as much of SQL as statements that drivers send on connect need.

mod slice;

use std::borrow::Cow;
use std::ops::Range;

use mynah_sql::{Piece, Pieces, Reading};

pub(super) use slice::Slice;

/// The pieces of a statement, without its comments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tokens<'a> {
    /// The statement, in which comments are blanks; what only servers run isn't one.
    text: Cow<'a, str>,
    tokens: Vec<Token>,
    reading: Reading,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    kind: TokenKind,
    place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a keyword, a variable, a number: `@@session.autocommit` is one, and so is `1.5`.
    Word,
    /// `'…'` or `"…"`.
    Text,
    /// `` `…` ``, or `"…"` where the `sql_mode` says so.
    Name,
    /// The so-manieth `?`, from 0.
    Placeholder(usize),
    /// Any other character.
    Sign,
}

impl<'a> Tokens<'a> {
    /// Takes a statement apart; nothing if it is too long to be one of these, or not UTF-8.
    pub(super) fn of(statement: &'a [u8], reading: Reading) -> Option<Self> {
        if statement.len() > LONGEST {
            return None;
        }
        let text = str::from_utf8(statement).ok()?;
        let mut tokens = Vec::new();
        let mut placeholders = 0;
        // The text up to where it is copied, with a blank in the place of each comment.
        let (mut kept, mut copied) = (String::new(), 0);
        for piece in Pieces::new(statement, reading) {
            match piece {
                Piece::Token(token) => {
                    let start = kept.len() + (token.range.start - copied);
                    let place = start..start + token.range.len();
                    let kind = match token.kind {
                        mynah_sql::TokenKind::Placeholder => {
                            placeholders += 1;
                            TokenKind::Placeholder(placeholders - 1)
                        }
                        mynah_sql::TokenKind::Text => TokenKind::Text,
                        mynah_sql::TokenKind::Name => TokenKind::Name,
                        mynah_sql::TokenKind::Sign(sign) if !b"@.".contains(&sign) => {
                            TokenKind::Sign
                        }
                        _ => TokenKind::Word,
                    };
                    push(&mut tokens, Token { kind, place });
                }
                Piece::Comment(range) => {
                    kept.push_str(text.get(copied..range.start)?);
                    kept.push(' ');
                    copied = range.end;
                }
            }
        }
        let text = match copied {
            0 => Cow::Borrowed(text),
            _ => Cow::Owned(kept + text.get(copied..)?),
        };
        while let Some(last) = tokens.last()
            && text.get(last.place.clone()) == Some(";")
        {
            tokens.pop();
        }
        Some(Self {
            text,
            tokens,
            reading,
        })
    }

    /// Whether nothing is said outside of comments.
    pub(super) fn are_comments(&self) -> bool {
        self.tokens.is_empty() && matches!(self.text, Cow::Owned(_))
    }

    /// All of them.
    pub(super) fn all(&self) -> Slice<'_> {
        Slice {
            text: &self.text,
            tokens: &self.tokens,
            reading: self.reading,
        }
    }
}

/// Words that stand together are one, with the `@` and `.` before, between and behind them.
fn push(tokens: &mut Vec<Token>, token: Token) {
    match tokens.last_mut() {
        Some(last)
            if (last.kind, token.kind) == (TokenKind::Word, TokenKind::Word)
                && last.place.end == token.place.start =>
        {
            last.place.end = token.place.end;
        }
        _ => tokens.push(token),
    }
}

/// Statements drivers send on connect are shorter.
const LONGEST: usize = 8 * 1024;

#[cfg(test)]
mod tests;
