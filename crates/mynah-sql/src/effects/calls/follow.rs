use super::*;
use crate::effects::watch::Watch;

impl Watch<'_> {
    pub(in crate::effects) fn see_call(&mut self, next: &Lexeme) {
        self.see_asked(next);
        if std::mem::take(&mut self.calls.awaits_argument) {
            self.effects.add(match next.is_sign(b')') {
                true => Effect::AskLastInsertId,
                false => Effect::SetLastInsertId,
            });
        }
        match std::mem::take(&mut self.calls.closed) {
            Closed::No => {}
            Closed::Parentheses if next.is(b"AS") => self.calls.closed = Closed::As,
            Closed::As if next.is_sign(b'(') => {}
            _ => self.effects.add(Effect::UnknownFunction),
        }
        if next.is_sign(b')') && self.calls.open.last() == Some(&self.depth) {
            self.calls.open.pop();
            self.calls.closed = Closed::Parentheses;
        }
        self.calls.has_with |= next.is(b"WITH");
        if next.is_sign(b'(') {
            self.open_call(next);
        }
    }

    /// Follows words that ask for something without a call.
    fn see_asked(&mut self, next: &Lexeme) {
        if next.is(b"SQL_CALC_FOUND_ROWS") {
            self.effects.add(Effect::CalcFoundRows);
        } else if next.is(b"VALUE") && (self.last_is(b"NEXT") || self.last_is(b"PREVIOUS")) {
            self.effects.add(Effect::Sequence);
        } else if matches!(next.kind(), TokenKind::Word | TokenKind::Name) {
            let text = self.text(next.range());
            if text.len() < SHORTEST {
                return;
            }
            let name = text.strip_prefix(b"`").unwrap_or(text);
            let name = name.strip_suffix(b"`").unwrap_or(name);
            let is = |names: &[&str]| {
                let mut names = names.iter();
                names.any(|own| own.as_bytes().eq_ignore_ascii_case(name))
            };
            if self.last_is_sign(b'.') && is(&["nextval", "currval"]) {
                self.effects.add(Effect::Sequence);
            } else if is(OF_SESSIONS) {
                self.effects.add(Effect::AskSession);
            }
        }
    }

    /// Follows parentheses that open: those of a call if a name stands before them.
    fn open_call(&mut self, next: &Lexeme) {
        let [Some(name), earlier] = &self.before else {
            return;
        };
        let is_name = match name.kind() {
            TokenKind::Word | TokenKind::Name => true,
            // A name such as `2nd`.
            TokenKind::Number => self
                .text(name.range())
                .iter()
                .any(|byte| !byte.is_ascii_digit()),
            _ => false,
        };
        if !is_name {
            return;
        }
        let earlier = earlier.as_ref();
        let is_after = |sign| earlier.is_some_and(|before| before.is_sign(sign));
        // `@name (`
        if is_after(b'@') {
            return;
        }
        let is_qualified = is_after(b'.');
        let content = self.content(name);
        let form = match (name.kind(), name.range().end == next.range().start) {
            (TokenKind::Word, true) => Form::Adjacent,
            (TokenKind::Word, false) => Form::Apart,
            _ => Form::Quoted,
        };
        let is_columns = self.calls.has_with && is_after(b',');
        let ends_operand = earlier.is_some_and(|before| self.ends_operand(before));
        let is_known = !is_qualified && is_built_in(&content, form, self.reading.comments);
        if is_known || is_qualified {
            self.known_call(&content);
        }
        if is_known || !self.stage.counts_calls() {
            return;
        }
        if !is_qualified && ends_operand {
            return;
        }
        // What may yet be a name of a WITH.
        if is_columns && self.calls.open.len() < MOST_OPEN {
            self.calls.open.push(self.depth + 1);
            return;
        }
        self.known_call(&content);
        self.effects.add(Effect::UnknownFunction);
    }

    fn known_call(&mut self, name: &[u8]) {
        match functions::effect(name) {
            Some(Effect::SetLastInsertId) => self.calls.awaits_argument = true,
            Some(effect) => self.effects.add(effect),
            None => {}
        }
    }

    /// Whether a name behind this token can't be that of a function: it is an alias, or is defined here.
    fn ends_operand(&self, before: &Lexeme) -> bool {
        match before.kind() {
            TokenKind::Text | TokenKind::Placeholder => true,
            TokenKind::Sign(sign) => sign == b')',
            TokenKind::Number => self.text(before.range()).iter().all(u8::is_ascii_digit),
            _ => before.is_one_of(&[b"AS", b"WITH", b"RECURSIVE"]),
        }
    }

    pub(in crate::effects) fn end_calls(&mut self) {
        let calls = std::mem::take(&mut self.calls);
        if !calls.open.is_empty() || calls.closed != Closed::No {
            self.effects.add(Effect::UnknownFunction);
        }
        if calls.awaits_argument {
            self.effects.add(Effect::SetLastInsertId);
        }
    }
}
