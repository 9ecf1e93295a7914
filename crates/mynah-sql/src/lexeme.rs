use std::ops::Range;

use crate::{Token, TokenKind};

/// A token with the word that it is, if it may be a keyword.
#[derive(Clone, Debug)]
pub(crate) struct Lexeme {
    kind: TokenKind,
    range: Range<usize>,
    /// The word in capitals.
    upper: [u8; LONGEST],
    /// How long the word is; 0 for what can't be a keyword.
    len: usize,
}

impl Lexeme {
    /// A token; `word` is its text if it may be a keyword.
    pub(crate) fn new(token: &Token, word: Option<&[u8]>) -> Self {
        let mut lexeme = Self {
            kind: token.kind,
            range: token.range.clone(),
            upper: [0; LONGEST],
            len: 0,
        };
        if let Some(word) = word
            && let Some(upper) = lexeme.upper.get_mut(..word.len())
        {
            upper.copy_from_slice(word);
            upper.make_ascii_uppercase();
            lexeme.len = word.len();
        }
        lexeme
    }

    /// The word in capitals; empty for what can't be a keyword, such as a name behind a point.
    pub(crate) fn word(&self) -> &[u8] {
        self.upper.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn is(&self, word: &[u8]) -> bool {
        self.word() == word
    }

    pub(crate) fn is_one_of(&self, words: &[&[u8]]) -> bool {
        words.contains(&self.word())
    }

    pub(crate) fn is_sign(&self, sign: u8) -> bool {
        self.kind == TokenKind::Sign(sign)
    }

    pub(crate) fn kind(&self) -> TokenKind {
        self.kind
    }

    pub(crate) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Whether it may be a name, or a part of one.
    pub(crate) fn is_name(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::Word | TokenKind::Name | TokenKind::Number
        )
    }

    pub(crate) fn sign(&self) -> Option<u8> {
        match self.kind {
            TokenKind::Sign(sign) => Some(sign),
            _ => None,
        }
    }
}

/// How long a keyword is that is looked at.
const LONGEST: usize = 20;
