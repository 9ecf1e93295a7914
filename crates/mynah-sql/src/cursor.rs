use std::collections::VecDeque;

use crate::effects::{Effects, Watch};
use crate::lexeme::Lexeme;
use crate::{Reading, Token, TokenKind, Tokens, literal};

/// Reads a statement's tokens, and looks at those that come.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    sql: &'a [u8],
    reading: Reading,
    tokens: Tokens<'a>,
    ahead: VecDeque<Lexeme>,
    /// The last two tokens that were read from the text.
    before: [Option<Token>; 2],
    /// What sees each token, if the effects are asked for.
    watch: Option<Watch<'a>>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(sql: &'a [u8], reading: Reading) -> Self {
        Self {
            sql,
            reading,
            tokens: Tokens::new(sql, reading),
            ahead: VecDeque::new(),
            before: [None, None],
            watch: None,
        }
    }

    /// As [`new`](Self::new), and gathers the effects of the tokens that are read.
    pub(crate) fn watched(sql: &'a [u8], reading: Reading) -> Self {
        Self {
            watch: Some(Watch::new(sql, reading)),
            ..Self::new(sql, reading)
        }
    }

    /// The effects of the text, of which all is read; unknown if they weren't asked for.
    pub(crate) fn effects(self) -> Effects {
        let is_torn = self.is_torn();
        self.watch
            .map_or_else(Effects::default, |watch| watch.effects(is_torn))
    }

    pub(crate) fn next(&mut self) -> Option<Lexeme> {
        match self.ahead.pop_front() {
            Some(lexeme) => Some(lexeme),
            None => self.read(),
        }
    }

    /// The token that comes after so many others.
    pub(crate) fn peek(&mut self, place: usize) -> Option<&Lexeme> {
        while self.ahead.len() <= place {
            let lexeme = self.read()?;
            self.ahead.push_back(lexeme);
        }
        self.ahead.get(place)
    }

    pub(crate) fn comes(&mut self, word: &[u8]) -> bool {
        self.peek(0).is_some_and(|next| next.is(word))
    }

    pub(crate) fn comes_sign(&mut self, sign: u8) -> bool {
        self.peek(0).is_some_and(|next| next.is_sign(sign))
    }

    pub(crate) fn comes_one_of(&mut self, words: &[&[u8]]) -> bool {
        self.peek(0).is_some_and(|next| next.is_one_of(words))
    }

    /// Goes behind a word, if it comes.
    pub(crate) fn skip(&mut self, word: &[u8]) -> bool {
        let comes = self.comes(word);
        if comes {
            self.next();
        }
        comes
    }

    /// Goes behind so many tokens.
    pub(crate) fn skip_tokens(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    /// Goes behind all words that are one of these.
    pub(crate) fn skip_all_of(&mut self, words: &[&[u8]]) {
        while self.comes_one_of(words) {
            self.next();
        }
    }

    /// Whether the tokens so far aren't certain.
    pub(crate) fn is_torn(&self) -> bool {
        self.tokens.is_torn()
    }

    /// A name without its quotes.
    pub(crate) fn content(&self, name: &Lexeme) -> Vec<u8> {
        let text = self.sql.get(name.range()).unwrap_or_default();
        match name.kind() {
            TokenKind::Name => literal::content(text, self.reading),
            _ => text.to_vec(),
        }
    }

    fn read(&mut self) -> Option<Lexeme> {
        let token = self.tokens.next()?;
        let text = self.sql.get(token.range.clone()).unwrap_or_default();
        let word = (token.kind == TokenKind::Word && !self.is_behind_mark()).then_some(text);
        let lexeme = Lexeme::new(&token, word);
        self.before.swap(0, 1);
        let [_, last] = &mut self.before;
        *last = Some(token);
        if let Some(watch) = &mut self.watch {
            watch.see(&lexeme);
        }
        Some(lexeme)
    }

    /// Whether what comes is a part of a name or a variable, and so no keyword: it stands behind a point or an `@`.
    fn is_behind_mark(&self) -> bool {
        let [earlier, last] = &self.before;
        match last.as_ref().map(|token| token.kind) {
            Some(TokenKind::Sign(b'@')) => true,
            // A point behind digits belongs to a number: `select 1. from t`.
            Some(TokenKind::Sign(b'.')) => !earlier.as_ref().is_some_and(|token| {
                let text = self.sql.get(token.range.clone()).unwrap_or_default();
                token.kind == TokenKind::Number && text.iter().all(u8::is_ascii_digit)
            }),
            _ => false,
        }
    }
}
