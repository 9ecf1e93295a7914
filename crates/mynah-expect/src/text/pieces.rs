use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use super::charsets::is_introducer;
use super::piece::{Kind, Piece};
use mynah_sql::{Pieces, Reading, Token, TokenKind};

/// Cuts a statement into its pieces.
pub(crate) fn pieces(sql: &str, reading: Reading) -> Vec<Piece<'_>> {
    let (mut tokens, mut comments) = (Vec::new(), Vec::new());
    for piece in Pieces::new(sql.as_bytes(), reading) {
        match piece {
            mynah_sql::Piece::Token(token) => tokens.push(token),
            mynah_sql::Piece::Comment(range) => comments.push(range),
        }
    }
    let mut cut = Cut {
        sql,
        tokens: &tokens,
        comments: comments.into_iter().peekable(),
        at: 0,
        pieces: Vec::with_capacity(tokens.len()),
    };
    while cut.next() {}
    cut.comments_before(sql.len());
    cut.pieces
}

struct Cut<'a, 't> {
    sql: &'a str,
    tokens: &'t [Token],
    comments: Peekable<IntoIter<Range<usize>>>,
    at: usize,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Cut<'a, '_> {
    fn text(&self, range: Range<usize>) -> &'a str {
        self.sql.get(range).unwrap_or_default()
    }

    /// The token some places ahead, if nothing stands between it and the one before it.
    fn adjacent(&self, ahead: usize) -> Option<&Token> {
        let token = self.tokens.get(self.at + ahead)?;
        let before = self.tokens.get(self.at + ahead.checked_sub(1)?)?;
        (before.range.end == token.range.start).then_some(token)
    }

    fn is_sign(&self, ahead: usize, wanted: &[u8]) -> bool {
        let token = self.adjacent(ahead);
        token.is_some_and(|token| matches!(token.kind, TokenKind::Sign(s) if wanted.contains(&s)))
    }

    /// Takes the next piece; says whether there was one.
    fn next(&mut self) -> bool {
        let Some(token) = self.tokens.get(self.at) else {
            return false;
        };
        // Comments keep their place among the tokens.
        self.comments_before(token.range.start);
        let (kind, len) = match token.kind {
            TokenKind::Word => self.word(token),
            TokenKind::Name => (Kind::Name, 1),
            TokenKind::Text => (Kind::Text, 1),
            TokenKind::Placeholder => (Kind::Placeholder, 1),
            // In `t.1e3` the number is a name.
            TokenKind::Number if self.is_part() => (Kind::Word, 1),
            TokenKind::Number => self.number(token),
            TokenKind::Sign(b'.') if !self.is_behind_name(token) && self.is_digits(1) => {
                (Kind::Number, 2 + self.exponent(1))
            }
            TokenKind::Sign(_) => (Kind::Operator, self.operator()),
        };
        let last = self.tokens.get(self.at + len - 1).unwrap_or(token);
        self.push(kind, token.range.start..last.range.end);
        self.at += len;
        true
    }

    fn push(&mut self, kind: Kind, range: Range<usize>) {
        let end = self.pieces.last().map(|piece| piece.range.end);
        self.pieces.push(Piece {
            kind,
            text: self.text(range.clone()),
            is_adjacent: end == Some(range.start),
            range,
        });
    }

    /// The comments in front of the next token.
    fn comments_before(&mut self, end: usize) {
        while let Some(range) = self.comments.next_if(|range| range.start < end) {
            self.push(Kind::Comment, range);
        }
    }

    /// Whether the last piece is a point that the next belongs to.
    fn is_part(&self) -> bool {
        let token = self.tokens.get(self.at);
        let last = self.pieces.last().filter(|last| last.is("."));
        last.zip(token)
            .is_some_and(|(last, token)| last.range.end == token.range.start)
    }

    fn is_behind_name(&self, token: &Token) -> bool {
        let last = self
            .pieces
            .last()
            .filter(|last| last.range.end == token.range.start);
        last.is_some_and(|last| matches!(last.kind, Kind::Word | Kind::Name))
    }

    fn is_digits(&self, ahead: usize) -> bool {
        let token = self.adjacent(ahead);
        token.is_some_and(|token| {
            token.kind == TokenKind::Number && is_mantissa(self.text(token.range.clone()))
        })
    }

    /// How many tokens the sign and the digits of an exponent are, if the token ahead ends where they begin.
    fn exponent(&self, ahead: usize) -> usize {
        let token = self.tokens.get(self.at + ahead);
        let text = token.map_or("", |token| self.text(token.range.clone()));
        let is_open = text.ends_with(['e', 'E']);
        let digits = self
            .adjacent(ahead + 2)
            .map_or("", |token| self.text(token.range.clone()));
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_open && self.is_sign(ahead + 1, b"+-") && is_number {
            2
        } else {
            0
        }
    }

    fn number(&self, token: &Token) -> (Kind, usize) {
        let text = self.text(token.range.clone());
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
        // `1.` and `1.5` are numbers, `1.a` is a number and a name.
        if is_whole && self.is_sign(1, b".") {
            let behind = self.adjacent(2).map(|token| self.text(token.range.clone()));
            let is_exponent = behind.is_some_and(|text| is_mantissa(text) || is_exponent(text));
            return match is_exponent {
                true => (Kind::Number, 3 + self.exponent(2)),
                false => (Kind::Number, 2),
            };
        }
        match self.exponent(0) {
            0 if is_mantissa(text) && !text.ends_with(['e', 'E']) || is_prefixed(text) => {
                (Kind::Number, 1)
            }
            0 => (Kind::Word, 1),
            more if is_mantissa(text) => (Kind::Number, 1 + more),
            _ => (Kind::Word, 1),
        }
    }

    fn word(&self, token: &Token) -> (Kind, usize) {
        let text = self.text(token.range.clone());
        let next = self.adjacent(1).filter(|next| next.kind == TokenKind::Text);
        let quotes = next.is_some_and(|next| self.text(next.range.clone()).starts_with('\''));
        match text {
            "x" | "X" | "b" | "B" if quotes => (Kind::Number, 2),
            "n" | "N" if quotes => (Kind::Text, 2),
            _ if is_introducer(text) && self.is_before_literal() => (Kind::Introducer, 1),
            _ => (Kind::Word, 1),
        }
    }

    fn is_before_literal(&self) -> bool {
        let next = self.tokens.get(self.at + 1);
        next.is_some_and(|next| match next.kind {
            TokenKind::Text => true,
            TokenKind::Number => is_prefixed(self.text(next.range.clone())),
            TokenKind::Word => {
                let text = self.text(next.range.clone());
                matches!(text, "x" | "X" | "b" | "B")
                    && self.sql.as_bytes().get(next.range.end) == Some(&b'\'')
            }
            _ => false,
        })
    }

    /// How many tokens the signs are that are one operator.
    fn operator(&self) -> usize {
        let start = self
            .tokens
            .get(self.at)
            .map_or(0, |token| token.range.start);
        let rest = self.sql.get(start..).unwrap_or_default();
        let longest = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator));
        longest.map_or(1, |operator| operator.len())
    }
}

/// Operators of several signs, the longer ones first.
const OPERATORS: &[&str] = &[
    "<=>", "->>", "...", "->", "<=", ">=", "<>", "!=", "<<", ">>", "||", "&&", ":=", "@@",
];

/// Digits, and an exponent if there is one: `15`, `15e`, `15e3`.
fn is_mantissa(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < text.len() && (digits.is_empty() || is_exponent(digits))
}

/// `e`, `e3`.
fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['e', 'E']);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `0x1f`, `0b01`.
fn is_prefixed(text: &str) -> bool {
    let all = |digits: &str, are: fn(u8) -> bool| !digits.is_empty() && digits.bytes().all(are);
    let hex = text.strip_prefix("0x");
    let bits = text.strip_prefix("0b");
    hex.is_some_and(|digits| all(digits, |byte| byte.is_ascii_hexdigit()))
        || bits.is_some_and(|digits| all(digits, |byte| matches!(byte, b'0' | b'1')))
}
