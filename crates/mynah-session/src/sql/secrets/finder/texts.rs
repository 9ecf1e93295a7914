//! Literals that are no passwords themselves, but may contain one.

use std::ops::Range;

use mynah_sql::{Token, TokenKind, literal};

use super::{Armed, Finder};
use crate::sql::secrets::content;
use crate::sql::secrets::verb::Verb;

impl Finder<'_> {
    /// A text that is no password itself, but may have one in it.
    pub(super) fn look_into(&mut self, content: &[u8], range: Range<usize>) {
        // A statement may be put together from several texts, by CONCAT or in variables.
        if self.joined.len() < MOST_JOINED {
            self.joined.extend_from_slice(content);
        }
        let start = self.texts.take().map_or(range.start, |texts| texts.start);
        self.texts = Some(start..range.end);
        let digits = literal::hex(content).filter(|bytes| bytes.len() >= SHORTEST_HEX);
        let inner = digits.as_deref().unwrap_or(content);
        if content::has_password(inner, self.reading, self.nested)
            || (self.verb == Verb::Run && self.is_behind_base64())
        {
            self.hide(range);
            // The text may be run, and what it makes of the others isn't known.
            self.all = true;
        } else if content::is_name_of_password(content) {
            // Of a pair of arguments, or of a field of JSON.
            self.all |= content.starts_with(b"$");
            if self.depth > 0 && self.verb != Verb::Query {
                self.all_in_call = Some(self.all_in_call.unwrap_or(self.depth));
            }
            // The next token decides whether this name has a value: `"password": …`, `'password', …`.
            let mut rest = self.tokens.clone();
            match rest.next().map(|next| next.kind) {
                Some(TokenKind::Sign(b':' | b'=')) => self.arm(Armed::Maybe),
                Some(TokenKind::Sign(b',')) if self.depth > 0 && self.is_called() => {
                    self.all_in_call = Some(self.all_in_call.unwrap_or(self.depth));
                }
                _ => {}
            }
        }
    }

    fn is_behind_base64(&self) -> bool {
        self.before.iter().flatten().any(|token| {
            self.slice(&token.range)
                .eq_ignore_ascii_case(b"from_base64")
        })
    }

    /// Whether the last opened bracket begins the arguments of a function. It is true only for the first
    /// argument.
    fn is_called(&self) -> bool {
        let [name, open] = &self.before;
        let is_open = matches!(
            open,
            Some(Token {
                kind: TokenKind::Sign(b'(' | b','),
                ..
            })
        );
        is_open && name.is_some()
    }

    /// A statement may be put together from several texts.
    pub(super) fn end_statement(&mut self) {
        // After PASSWORD FOR an account, no value was found: any text could be it.
        self.found.is_torn |= self.armed == Armed::Account && !self.found.secrets.answer;
        let joined = std::mem::take(&mut self.joined);
        let texts = self.texts.take();
        let runs = matches!(self.verb, Verb::Run | Verb::Set) || self.has_variables;
        if let Some(texts) = texts
            && runs
            && content::has_password(&joined, self.reading, self.nested)
        {
            self.hide(texts);
        }
    }
}

const MOST_JOINED: usize = 64 * 1024;

/// A number in hexadecimal digits that is shorter is no statement.
const SHORTEST_HEX: usize = 8;
