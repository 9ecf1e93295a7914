use mynah_sql::{Reading, literal};

use super::{Token, TokenKind};

/// Some pieces of a statement that follow each other.
#[derive(Clone, Copy, Debug)]
pub(in crate::prelude) struct Slice<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) reading: Reading,
}

impl<'a> Slice<'a> {
    pub(in crate::prelude) fn len(self) -> usize {
        self.tokens.len()
    }

    pub(in crate::prelude) fn is_empty(self) -> bool {
        self.tokens.is_empty()
    }

    /// The piece at `index` as it stands there.
    pub(in crate::prelude) fn get(self, index: usize) -> Option<(TokenKind, &'a str)> {
        let token = self.tokens.get(index)?;
        Some((token.kind, self.text.get(token.place.clone())?))
    }

    /// Whether the piece at `index` is this keyword, variable or sign.
    pub(in crate::prelude) fn is(self, index: usize, word: &str) -> bool {
        self.get(index).is_some_and(|(kind, text)| {
            matches!(kind, TokenKind::Word | TokenKind::Sign) && text.eq_ignore_ascii_case(word)
        })
    }

    /// What is behind this word, if it stands first.
    pub(in crate::prelude) fn after(self, word: &str) -> Option<Self> {
        match self.is(0, word) {
            true => self.from(1),
            false => None,
        }
    }

    /// What is behind the first of these words, if one stands first; else everything.
    pub(in crate::prelude) fn after_any(self, words: &[&str]) -> Self {
        let found = words.iter().find_map(|word| self.after(word));
        found.unwrap_or(self)
    }

    /// From a piece on.
    pub(in crate::prelude) fn from(self, start: usize) -> Option<Self> {
        let tokens = self.tokens.get(start..)?;
        Some(Self { tokens, ..self })
    }

    /// Up to a piece.
    pub(in crate::prelude) fn to(self, end: usize) -> Self {
        let tokens = self.tokens.get(..end).unwrap_or(self.tokens);
        Self { tokens, ..self }
    }

    /// Where this word stands outside of parentheses.
    pub(in crate::prelude) fn position(self, word: &str) -> Option<usize> {
        let mut depth = 0_usize;
        (0..self.len()).find(|index| {
            match self.get(*index) {
                Some((TokenKind::Sign, "(")) => depth += 1,
                Some((TokenKind::Sign, ")")) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && self.is(*index, word)
        })
    }

    /// What stands between the parentheses that this begins with, and what is behind them.
    pub(in crate::prelude) fn parenthesized(self) -> Option<(Self, Self)> {
        let inner = self.after("(")?;
        let end = inner.closing()?;
        Some((inner.to(end), inner.from(end + 1)?))
    }

    /// Where a parenthesis closes that isn't opened here.
    fn closing(self) -> Option<usize> {
        let mut depth = 0_usize;
        (0..self.len()).find(|index| match self.get(*index) {
            Some((TokenKind::Sign, "(")) => {
                depth += 1;
                false
            }
            Some((TokenKind::Sign, ")")) => match depth.checked_sub(1) {
                Some(outer) => {
                    depth = outer;
                    false
                }
                None => true,
            },
            _ => false,
        })
    }

    /// What stands between the commas that stand outside of parentheses.
    pub(in crate::prelude) fn items(self) -> Vec<Self> {
        let (mut items, mut rest) = (Vec::new(), self);
        while let Some(comma) = rest.position(",") {
            items.push(rest.to(comma));
            let Some(behind) = rest.from(comma + 1) else {
                break;
            };
            rest = behind;
        }
        items.push(rest);
        items
    }

    /// The text from the first piece to the last, as it stands there.
    pub(in crate::prelude) fn as_written(self) -> &'a str {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else {
            return "";
        };
        self.text
            .get(first.place.start..last.place.end)
            .unwrap_or("")
    }

    /// The same for whatever case and blanks it is written with.
    pub(in crate::prelude) fn canonical(self) -> String {
        let pieces = (0..self.len()).filter_map(|index| self.get(index));
        let pieces = pieces.map(|(kind, text)| match kind {
            TokenKind::Word | TokenKind::Sign | TokenKind::Placeholder(_) => text.to_lowercase(),
            TokenKind::Text => format!("'{}'", self.content(text)),
            TokenKind::Name => self.content(text),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    /// The piece at `index` without quotes, as a server takes it. Backslashes before `%` and `_` stay, for
    /// patterns.
    pub(in crate::prelude) fn plain(self, index: usize) -> Option<String> {
        let (kind, text) = self.get(index)?;
        Some(match kind {
            TokenKind::Word | TokenKind::Sign | TokenKind::Placeholder(_) => text.to_owned(),
            TokenKind::Text | TokenKind::Name => self.content(text),
        })
    }

    fn content(self, quoted: &str) -> String {
        let content = literal::content(quoted.as_bytes(), self.reading);
        String::from_utf8_lossy(&content).into_owned()
    }
}
