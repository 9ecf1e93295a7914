//! Passwords without quotes, as after a typing error.

use mynah_sql::{Token, TokenKind};

use super::words::OPERATORS;
use super::{Armed, Finder};
use crate::sql::secrets::verb::Verb;

impl Finder<'_> {
    /// Whether a password without quotes begins here; where it ends isn't known. `expects` says that
    /// a value is due.
    pub(super) fn is_bare_value(&self, token: &Token, expects: bool) -> bool {
        match token.kind {
            TokenKind::Word | TokenKind::Name => {
                (expects && !self.is_value(token))
                    || self.is_glued(token)
                    || self.lacks_operator(token)
            }
            TokenKind::Number => expects && self.goes_on_behind(token),
            TokenKind::Sign(sign) => {
                expects && self.verb == Verb::Other && !b"=(:?".contains(&sign)
            }
            TokenKind::Text | TokenKind::Placeholder => false,
        }
    }

    /// Whether a word may be the start of a value: a function, a keyword, or the mark of a literal.
    fn is_value(&self, token: &Token) -> bool {
        let word = self.slice(&token.range);
        let is = |words: &[&[u8]]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
        let next = self.tokens.clone().next();
        let is_next = |kind| next.as_ref().is_some_and(|next| next.kind == kind);
        let marks_text = is_next(TokenKind::Text) && (word.starts_with(b"_") || is(MARKS));
        let is_call = self.verb != Verb::Other && is_next(TokenKind::Sign(b'('));
        is(VALUES) || is_call || marks_text
    }

    /// Whether a word follows a hidden text without a space, as if a quote inside had ended the text.
    fn is_glued(&self, token: &Token) -> bool {
        let [_, last] = &self.before;
        self.armed == Armed::Yes
            && last.as_ref().is_some_and(|last| {
                last.kind == TokenKind::Text && last.range.end == token.range.start
            })
    }

    /// Whether the operator between the word for a password and its value is missing, too.
    fn lacks_operator(&self, token: &Token) -> bool {
        let word = self.slice(&token.range);
        let is = |words: &[&[u8]]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
        let is_identified = self.depth == 0
            && !matches!(self.verb, Verb::Query | Verb::Insert)
            && self.is_before(&[b"identified"])
            && !is(&[b"by", b"with", b"via", b"as", b"using"]);
        let is_set = self.verb == Verb::Set
            && self.armed == Armed::Maybe
            && !is(&[b"for"])
            && !is(OPERATORS);
        is_identified || is_set
    }

    /// Whether the token behind a number continues the value.
    fn goes_on_behind(&self, token: &Token) -> bool {
        let next = self.sql.get(token.range.end);
        next.is_some_and(|byte| !byte.is_ascii_whitespace() && !b",;)".contains(byte))
    }
}

/// What stands before a text that has digits, or is in another character set.
const MARKS: &[&[u8]] = &[b"x", b"b", b"n"];

/// What may stand where a value is due.
const VALUES: &[&[u8]] = &[
    b"password",
    b"old_password",
    b"random",
    b"default",
    b"null",
    b"on",
    b"off",
    b"true",
    b"false",
    b"by",
    b"cast",
    b"convert",
    b"concat",
    b"quote",
    b"unhex",
    b"from_base64",
    b"select",
];
