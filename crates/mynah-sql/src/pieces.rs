use std::ops::Range;

use crate::comments::Mark;
use crate::{Reading, Token, TokenKind};

/// A piece of a statement: a token or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A token of the statement: a word, a quoted name, a literal, a placeholder or a sign.
    Token(Token),
    /// A comment, by its range of bytes, up to and with the line break if it ends with its line. Of a version comment
    /// that counts as part of the statement, only its opening mark and later its end are such pieces.
    Comment(Range<usize>),
}

/// Iterates over the pieces of a statement. Together they are the whole statement, except for white space outside of
/// them.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    sql: &'a [u8],
    at: usize,
    reading: Reading,
    in_run_comment: bool,
    is_torn: bool,
}

impl<'a> Pieces<'a> {
    /// Starts at the beginning of `sql`. `reading` decides how it is parsed.
    #[must_use]
    pub fn new(sql: &'a [u8], reading: Reading) -> Self {
        Self {
            sql,
            at: 0,
            reading,
            in_run_comment: false,
            is_torn: false,
        }
    }

    /// Whether the pieces so far aren't certain: a quote or a comment has no end, a text is quoted in a way that not
    /// all servers know (`$tag$`), or, unless `characters` is [`Ascii`](crate::Characters::Ascii), a backslash in a
    /// text stands before a character of several bytes.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.is_torn || (self.in_run_comment && self.at >= self.sql.len())
    }

    fn rest(&self) -> &'a [u8] {
        self.sql.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, len: usize) {
        self.at = (self.at + len).min(self.sql.len());
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        // The vertical tab is a blank to MySQL, but not to `is_ascii_whitespace`.
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
        let len = rest.iter().position(|byte| !is_blank(byte));
        self.skip(len.unwrap_or(rest.len()));
    }

    /// Goes behind a comment, or the mark or end of one that is run, if one is here.
    fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        match rest {
            [b'#', ..] => self.skip(line(rest)),
            // Two hyphens begin a comment only before a blank, a control character or the end: `5--1` subtracts.
            [b'-', b'-'] => self.skip(2),
            [b'-', b'-', after, ..] if after.is_ascii_whitespace() || after.is_ascii_control() => {
                self.skip(line(rest));
            }
            // What is within `/*! … */` was read as part of the statement, so its end comes here alone.
            [b'*', b'/', ..] if self.in_run_comment => {
                self.in_run_comment = false;
                self.skip(2);
            }
            [b'/', b'*', ..] => match self.reading.comments.mark(rest) {
                Mark::Run(len) => {
                    self.in_run_comment = true;
                    self.skip(len);
                }
                mark => self.skip_text(mark == Mark::NotRun),
            },
            _ => return false,
        }
        true
    }

    /// Goes behind the end of a comment; of one that would be run elsewhere, whatever comments are in
    /// it.
    fn skip_text(&mut self, nests: bool) {
        self.skip(2);
        let mut is_nested = false;
        loop {
            match self.rest() {
                [] => {
                    self.is_torn = true;
                    return;
                }
                [b'*', b'/', ..] => {
                    self.skip(2);
                    if !std::mem::take(&mut is_nested) {
                        return;
                    }
                }
                // MySQL lets a comment that it doesn't run contain others, one level deep.
                [b'/', b'*', ..] if nests => {
                    self.skip(2);
                    is_nested = true;
                }
                _ => self.skip(1),
            }
        }
    }

    /// How long what begins with a quote is, with both quotes. A doubled quote doesn't end it.
    fn quoted(&mut self, quote: u8) -> usize {
        let rest = self.rest();
        let escapes = self.reading.escapes(quote);
        let mut at = 1;
        while let Some(text) = rest.get(at..)
            && let Some(&byte) = text.first()
        {
            let len = self.reading.characters.len(text);
            if len > 1 {
                at += len;
            } else if byte == b'\\' && escapes {
                // A character of which only the first byte is escaped.
                let escaped = text.get(1..).unwrap_or_default();
                self.is_torn |= self.reading.characters.len(escaped) > 1;
                at += 2;
            } else if byte != quote {
                at += 1;
            } else if text.get(1) == Some(&quote) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        self.is_torn = true;
        rest.len()
    }

    /// What the token that is here is, and how long.
    fn token(&mut self) -> Option<(TokenKind, usize)> {
        let rest = self.rest();
        let &first = rest.first()?;
        Some(match first {
            b'\'' | b'"' | b'`' => {
                let len = self.quoted(first);
                match self.reading.is_text(first) {
                    true => (TokenKind::Text, len),
                    false => (TokenKind::Name, len),
                }
            }
            // As in MySQL's lexer, `?` directly before a letter or digit is no placeholder.
            b'?' if !rest.get(1).copied().is_some_and(is_word) => (TokenKind::Placeholder, 1),
            b'0'..=b'9' => (TokenKind::Number, self.word()),
            _ if is_word(first) => {
                let len = self.word();
                // MySQL 9 quotes with `$tag$ … $tag$`.
                let word = rest.get(1..len).unwrap_or_default();
                self.is_torn |= first == b'$' && word.contains(&b'$');
                (TokenKind::Word, len)
            }
            sign => (TokenKind::Sign(sign), 1),
        })
    }

    fn word(&self) -> usize {
        let rest = self.rest();
        let mut at = 0;
        while let Some(text) = rest.get(at..)
            && text.first().copied().is_some_and(is_word)
        {
            at += self.reading.characters.len(text);
        }
        at.min(rest.len())
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.skip_blanks();
        let start = self.at;
        if self.skip_comment() {
            return Some(Piece::Comment(start..self.at));
        }
        let (kind, len) = self.token()?;
        self.skip(len);
        let range = start..self.at;
        Some(Piece::Token(Token { kind, range }))
    }
}

fn line(rest: &[u8]) -> usize {
    let end = rest.iter().position(|&byte| byte == b'\n');
    end.map_or(rest.len(), |end| end + 1)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}
