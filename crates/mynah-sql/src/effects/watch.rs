use std::borrow::Cow;

use super::calls::Calls;
use super::stage::Stage;
use super::variables::Variables;
use super::{Effect, Effects};
use crate::lexeme::Lexeme;
use crate::{Reading, TokenKind, literal};

/// Watches the tokens of a text as they are read, and gathers their effects.
#[derive(Debug)]
pub(crate) struct Watch<'a> {
    sql: &'a [u8],
    pub(super) reading: Reading,
    pub(super) effects: Effects,
    /// The last token, and the one before it; none before the first of a statement.
    pub(super) before: [Option<Lexeme>; 2],
    /// Where in its statement the text is.
    pub(super) stage: Stage,
    pub(super) variables: Variables,
    pub(super) calls: Calls,
    /// How many parentheses are open.
    pub(super) depth: usize,
    /// Whether the last statement was the definition of a program, to whose body the text that follows may belong.
    pub(super) follows_program: bool,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(sql: &'a [u8], reading: Reading) -> Self {
        Self {
            sql,
            reading,
            effects: Effects::NONE,
            before: [None, None],
            stage: Stage::Start,
            variables: Variables::default(),
            calls: Calls::default(),
            depth: 0,
            follows_program: false,
        }
    }

    /// Follows the next token.
    pub(crate) fn see(&mut self, next: &Lexeme) {
        self.end_variable(Some(next));
        if next.is_sign(b';') {
            self.end_statement();
            return;
        }
        if std::mem::take(&mut self.follows_program) {
            self.effects.add(Effect::Unknown);
        }
        self.see_variable(next);
        self.see_call(next);
        self.see_statement(next);
        match next.sign() {
            Some(b'(') => self.depth += 1,
            Some(b')') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.before.swap(0, 1);
        let [last, _] = &mut self.before;
        *last = Some(next.clone());
    }

    /// The effects of the text that was seen.
    pub(crate) fn effects(mut self, is_torn: bool) -> Effects {
        self.end_variable(None);
        self.end_statement();
        match is_torn {
            true => Effects::default(),
            false => self.effects,
        }
    }

    fn end_statement(&mut self) {
        self.end_calls();
        self.end_stage();
        self.variables = Variables::default();
        self.before = [None, None];
        self.depth = 0;
    }

    pub(super) fn last(&self) -> Option<&Lexeme> {
        let [last, _] = &self.before;
        last.as_ref()
    }

    pub(super) fn last_is(&self, word: &[u8]) -> bool {
        self.last().is_some_and(|last| last.is(word))
    }

    pub(super) fn last_is_sign(&self, sign: u8) -> bool {
        self.last().is_some_and(|last| last.is_sign(sign))
    }

    /// The text of a range of the statement.
    pub(super) fn text(&self, range: std::ops::Range<usize>) -> &'a [u8] {
        self.sql.get(range).unwrap_or_default()
    }

    /// A name, or a name in the quotes of a string, without its quotes.
    pub(super) fn content(&self, name: &Lexeme) -> Cow<'a, [u8]> {
        let text = self.text(name.range());
        match name.kind() {
            TokenKind::Name | TokenKind::Text => literal::content(text, self.reading).into(),
            _ => text.into(),
        }
    }
}
