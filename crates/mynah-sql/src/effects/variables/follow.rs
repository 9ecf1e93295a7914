use super::*;
use crate::effects::watch::Watch;

impl Watch<'_> {
    /// Ends the open variable unless the next token is a part of it.
    pub(in crate::effects) fn end_variable(&mut self, next: Option<&Lexeme>) {
        let open = std::mem::take(&mut self.variables.open);
        match open {
            Open::None => {}
            Open::User { name, is_into } => {
                let is_empty = name.is_empty();
                if let Some(next) = next
                    && next.range().start == name.end
                    && (next.is_name() || next.kind() == TokenKind::Text || next.is_sign(b'.'))
                    && !(is_empty && next.is_sign(b'.'))
                {
                    let name = name.start..next.range().end;
                    self.variables.open = Open::User { name, is_into };
                    return;
                }
                // `@@`
                if let Some(next) = next
                    && is_empty
                    && next.is_sign(b'@')
                    && next.range().start == name.end
                {
                    self.variables.open = Open::System(System::default());
                    return;
                }
                self.end_user(name, is_into);
            }
            Open::System(mut system) => {
                if let Some(next) = next {
                    let awaits = system.name.is_empty() || system.has_point;
                    if awaits && next.is_name() {
                        if system.has_point {
                            system.qualifier = Some(std::mem::take(&mut system.name));
                        }
                        system.name = self.content(next).to_ascii_lowercase();
                        system.has_point = false;
                        self.variables.open = Open::System(system);
                        return;
                    }
                    if !awaits && next.is_sign(b'.') {
                        system.has_point = true;
                        self.variables.open = Open::System(system);
                        return;
                    }
                }
                self.end_system(system);
            }
        }
    }

    fn end_user(&mut self, range: Range<usize>, is_into: bool) {
        let text = self.text(range.clone());
        let name = match text.first() {
            Some(b'\'' | b'"' | b'`') => literal::content(text, self.reading),
            _ => text.to_vec(),
        };
        if is_into {
            self.variables.into = Into::After;
        }
        if is_into || self.stage.assigns_user_variables() {
            self.assign_user(name.clone(), Value::Elsewhere);
        }
        self.ended(Ended::User(name.clone()));
        self.variables.user = Some((name, range));
    }

    fn end_system(&mut self, system: System) {
        if let Some(asked) = asked(&system.name) {
            self.effects.add(asked);
        }
        self.ended(Ended::System(system));
    }

    pub(in crate::effects) fn assign_user(&mut self, name: Vec<u8>, value: Value) {
        self.effects.assign(Assignment {
            scope: Scope::User,
            name,
            value,
        });
    }

    /// Follows a token that is no part of the variable before it.
    pub(in crate::effects) fn see_variable(&mut self, next: &Lexeme) {
        if !matches!(self.variables.open, Open::None) {
            return;
        }
        let into = std::mem::take(&mut self.variables.into);
        if next.is_sign(b'@') {
            let end = next.range().end;
            self.variables.open = Open::User {
                name: end..end,
                is_into: into == Into::Awaits,
            };
            return;
        }
        self.variables.into = match into {
            Into::After if next.is_sign(b',') => Into::Awaits,
            _ if next.is(b"INTO") => Into::Awaits,
            _ => Into::No,
        };
        if next.is_sign(b'=') && self.last_is_sign(b':') && !self.stage.awaits_operator() {
            // In an expression, only user variables can be set.
            let [_, earlier] = &self.before;
            let end = earlier.as_ref().map(|earlier| earlier.range().end);
            let name = match self.variables.user.take() {
                Some((name, range)) if Some(range.end) == end => name,
                _ => Vec::new(),
            };
            self.assign_user(name, Value::Elsewhere);
        }
    }
}
