use super::*;
use crate::effects::stage::Stage;
use crate::effects::watch::Watch;

impl Watch<'_> {
    /// Follows a definition.
    pub(in crate::effects) fn define(&mut self, define: Define, next: &Lexeme) -> Stage {
        let mut define = define;
        define.part = match define.part {
            Part::Object if next.is_sign(b'=') => Part::Value,
            // `user@host`, `CURRENT_USER()`
            Part::Object if next.word().is_empty() => Part::Object,
            Part::Object => match self.object(&mut define, next) {
                Ok(part) => part,
                Err(stage) => return stage,
            },
            Part::Value => Part::Object,
            Part::Table if next.is_one_of(&[b"SELECT", b"VALUES"]) => Part::Query,
            Part::Table if next.is(b"TRANSACTION") && self.last_is(b"START") => {
                self.effects.add(Effect::Begin);
                Part::Table
            }
            part => part,
        };
        Stage::Define(define)
    }

    /// Follows a word up to that for what is defined.
    fn object(&mut self, define: &mut Define, next: &Lexeme) -> Result<Part, Stage> {
        let is_drop = define.verb == Verb::Drop;
        Ok(match next.word() {
            b"TEMPORARY" => {
                define.is_temporary = true;
                Part::Object
            }
            b"OR" | b"REPLACE" | b"UNIQUE" | b"FULLTEXT" | b"SPATIAL" | b"VECTOR" | b"ONLINE"
            | b"OFFLINE" | b"IGNORE" | b"AGGREGATE" | b"SQL" | b"SECURITY" | b"INVOKER"
            | b"DEFINER" | b"ALGORITHM" | b"JSON" | b"RELATIONAL" | b"DUALITY"
            | b"MATERIALIZED" | b"UNDO" => Part::Object,
            b"TABLE" | b"TABLES" | b"SEQUENCE" => {
                if define.is_temporary {
                    self.effects.add(match is_drop {
                        true => Effect::DropTemporary,
                        false => Effect::CreateTemporary,
                    });
                }
                match define.verb {
                    Verb::Create => Part::Table,
                    Verb::Alter | Verb::Drop => Part::Rest,
                }
            }
            b"VIEW" | b"INDEX" | b"SERVER" | b"TABLESPACE" | b"LOGFILE" | b"REFERENCE"
            | b"INSTANCE" => Part::Rest,
            b"DATABASE" | b"SCHEMA" => {
                self.effects.add(Effect::SchemaDefinition);
                Part::Rest
            }
            b"RESOURCE" => {
                self.effects.add(Effect::ResourceGroup);
                Part::Rest
            }
            b"PROCEDURE" | b"FUNCTION" | b"TRIGGER" | b"EVENT" | b"PACKAGE" | b"LIBRARY" => {
                match is_drop {
                    true => Part::Rest,
                    false => Part::Program,
                }
            }
            b"USER" | b"ROLE" => {
                self.effects.add(Effect::Account);
                return Err(Stage::Account);
            }
            b"PREPARE" if is_drop => {
                self.effects.add(Effect::Deallocate);
                return Err(Stage::Rest);
            }
            _ => {
                self.effects.add(Effect::Unknown);
                return Err(Stage::Rest);
            }
        })
    }

    pub(in crate::effects) fn end_definition(&mut self, define: &Define) {
        match define.part {
            Part::Program => self.follows_program = true,
            Part::Object | Part::Value => self.effects.add(Effect::Unknown),
            Part::Table | Part::Query | Part::Rest => {}
        }
    }
}
