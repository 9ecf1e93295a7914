use super::*;
use crate::effects::stage::Stage;
use crate::effects::watch::Watch;

impl Watch<'_> {
    /// Follows a SET.
    pub(in crate::effects) fn set(&mut self, set: Set, next: &Lexeme) -> Stage {
        let mut set = set;
        let lost = match set.part {
            Part::First | Part::Variable => return self.begin_variable(set, next),
            // Its parts are followed elsewhere.
            Part::Marked => false,
            Part::Named if next.is_sign(b'.') => {
                set.part = Part::Point;
                false
            }
            Part::Point if next.is_name() => {
                set.part = Part::Named;
                set.name.push(b'.');
                let part = self.content(next).to_ascii_lowercase();
                set.name.extend(part);
                false
            }
            Part::Named | Part::Operator if next.is_sign(b'=') => {
                set.part = Part::Value;
                false
            }
            Part::Named if next.is_sign(b':') => {
                set.part = Part::Operator;
                false
            }
            Part::Operator => !next.is_sign(b':'),
            Part::Named | Part::Point => true,
            Part::Value => return self.value(set, next),
            Part::Transaction => {
                set.value.see(next);
                self.transaction(&set, next);
                false
            }
        };
        if lost {
            self.effects.add(Effect::Unknown);
            return Stage::Rest;
        }
        Stage::Set(set)
    }

    /// Follows what is set.
    fn begin_variable(&mut self, set: Set, next: &Lexeme) -> Stage {
        let mut set = set;
        let is_first = set.part == Part::First;
        set.part = Part::Variable;
        match next.word() {
            b"GLOBAL" => set.named = Some(Scope::Global),
            b"SESSION" | b"LOCAL" => set.named = Some(Scope::Session),
            b"PERSIST" => set.named = Some(Scope::Persist),
            b"PERSIST_ONLY" => set.named = Some(Scope::PersistOnly),
            b"STATEMENT" if is_first => set.is_for_statement = true,
            b"NAMES" => (set.part, set.scope) = (Part::Value, Some(Scope::Names)),
            b"CHARSET" => (set.part, set.scope) = (Part::Value, Some(Scope::CharacterSet)),
            // SET comes, which is skipped there.
            b"CHARACTER" => (set.part, set.scope) = (Part::Value, Some(Scope::CharacterSet)),
            b"TRANSACTION" => set.part = Part::Transaction,
            b"ROLE" => {
                self.effects.add(Effect::Role);
                return Stage::Rest;
            }
            b"RESOURCE" if is_first => {
                self.effects.add(Effect::ResourceGroup);
                return Stage::Rest;
            }
            b"PASSWORD" => {
                self.effects.add(Effect::Account);
                return Stage::OwnAccount;
            }
            b"DEFAULT" if is_first => {
                // Without a name, as in MariaDB, the role is that of the session's own account.
                self.effects.add(Effect::Account);
                self.effects.add(Effect::OwnAccount);
                return Stage::Account;
            }
            _ if next.is_sign(b'@') => set.part = Part::Marked,
            _ if next.is_name() => {
                set.part = Part::Named;
                set.name = self.content(next).to_ascii_lowercase();
                set.scope = None;
            }
            _ => {
                self.effects.add(Effect::Unknown);
                return Stage::Rest;
            }
        }
        Stage::Set(set)
    }

    /// Follows a value.
    fn value(&mut self, set: Set, next: &Lexeme) -> Stage {
        let mut set = set;
        let is_outside = set.depth == 0;
        if is_outside && next.is_sign(b',') {
            self.end_assignment(&mut set);
            set.part = Part::Variable;
            return Stage::Set(set);
        }
        if is_outside && set.is_for_statement && next.is(b"FOR") {
            self.end_assignment(&mut set);
            // The statement comes.
            return Stage::Start;
        }
        if set.scope == Some(Scope::CharacterSet)
            && set.value.count == 0
            && next.is(b"SET")
            && self.last_is(b"CHARACTER")
        {
            return Stage::Set(set);
        }
        match next.sign() {
            Some(b'(') => set.depth += 1,
            Some(b')') => set.depth = set.depth.saturating_sub(1),
            _ => {}
        }
        set.value.see(next);
        Stage::Set(set)
    }

    /// Notes a variable with its value.
    fn end_assignment(&mut self, set: &mut Set) {
        let given = std::mem::take(&mut set.value);
        let value = self.classify(&given);
        let name = std::mem::take(&mut set.name);
        let of_list = match set.is_for_statement {
            true => Scope::Statement,
            false => set.named.unwrap_or(Scope::Session),
        };
        let scope = set.scope.take().unwrap_or(of_list);
        set.depth = 0;
        let sets_id =
            scope == Scope::Session && matches!(name.as_slice(), b"last_insert_id" | b"identity");
        self.add_if(sets_id, Effect::SetLastInsertId);
        self.effects.assign(Assignment { scope, name, value });
    }

    /// Notes the variables of SET TRANSACTION.
    fn transaction(&mut self, set: &Set, next: &Lexeme) {
        let name: &[u8] = match next.word() {
            b"ISOLATION" => b"transaction_isolation",
            b"WRITE" | b"ONLY" => b"transaction_read_only",
            _ => return,
        };
        let scope = set.named.unwrap_or(Scope::NextTransaction);
        let range = set.value.range.clone().unwrap_or_default();
        self.effects.assign(Assignment {
            scope,
            name: name.to_vec(),
            value: Value::Expression(range),
        });
    }

    fn classify(&self, given: &Given) -> Value {
        use TokenKind::{Name, Number, Placeholder, Sign, Text, Word};
        let range = given.range.clone().unwrap_or_default();
        let text = self.text(range.clone());
        let [first, second, third] = given.first;
        match (first, second, third) {
            (Some(Placeholder), None, _) => Value::Elsewhere,
            (Some(Word), None, _) if text.eq_ignore_ascii_case(b"DEFAULT") => Value::Default,
            (Some(Word), None, _) => {
                let is_plain = WORDS.iter().any(|own| own.eq_ignore_ascii_case(text))
                    || !is_built_in(text, Form::Apart, self.reading.comments)
                        && !is_built_in(text, Form::Adjacent, self.reading.comments);
                match is_plain {
                    true => Value::Literal(range),
                    false => Value::Expression(range),
                }
            }
            (Some(Number | Text | Name), None, _)
            | (Some(Sign(b'-' | b'+')), Some(Number), None) => Value::Literal(range),
            (Some(Number), Some(Sign(b'.')), Some(Number)) if given.count == 3 => {
                Value::Literal(range)
            }
            _ => Value::Expression(range),
        }
    }

    pub(in crate::effects) fn end_set(&mut self, set: Set) {
        let mut set = set;
        match set.part {
            Part::Value if !set.is_for_statement => self.end_assignment(&mut set),
            Part::Transaction => {
                // Without options it sets nothing, and isn't valid.
                self.add_if(set.value.count == 0, Effect::Unknown);
            }
            _ => self.effects.add(Effect::Unknown),
        }
    }
}
