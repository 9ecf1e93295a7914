use bytes::Bytes;
use mynah_expect::statement_text;
use mynah_session::sql::{Characters, Settings};
use mynah_sql::{Effects, Outline, StatementKind};

use super::borders::{self, PLACEHOLDER};
use super::{Digest, Wants};
use crate::trace::{Rules, in_utf8, replaced};

/// What is known of a statement besides its text, without what must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatementFacts {
    pub(crate) kind: StatementKind,
    /// The tables as they are shown: `schema.name`, or the name alone where the statement has no schema.
    pub(crate) tables: Vec<String>,
    /// What filters compare: the tables as they are shown, and those with a schema also without it.
    pub(crate) table_texts: Vec<String>,
    /// Whether there are more tables.
    pub(crate) has_more_tables: bool,
    /// The names of its effects on its session.
    pub(crate) effects: Vec<String>,
    /// The variables that it sets.
    pub(crate) sets: Vec<String>,
    /// Absent for a statement that is hidden as a whole or isn't kept as a whole, and for what is no SQL.
    pub(crate) digest: Option<Digest>,
    /// The statement's text as it is shown, if its digest is wanted.
    pub(crate) shown: Bytes,
}

impl StatementFacts {
    /// Of a statement in SQL, of which all is here. Of a long one nothing is known.
    pub(crate) fn of(sql: &Bytes, settings: &Settings, rules: Rules<'_>, wants: Wants) -> Self {
        if sql.len() > LONGEST {
            return Self::default();
        }
        let secrets = rules.secrets(sql, settings);
        let is_hidden = secrets.ranges.first() == Some(&(0..sql.len())) && !sql.is_empty();
        // In place of a literal, a placeholder leaves the digest as it is.
        let with_placeholders = replaced(sql, &secrets, PLACEHOLDER);
        let is_hidden = is_hidden
            || !secrets.ranges.is_empty()
                && !borders::are_kept(sql, &secrets, &with_placeholders, settings);
        let (text, foreign) = in_utf8(&with_placeholders, settings.character_set);
        let text = statement_text(&text);
        let shown_settings = Settings {
            characters: match foreign {
                Some(_) => settings.characters,
                None => Some(Characters::Ascii),
            },
            ..*settings
        };
        let mut facts = match wants.outlines {
            // What is hidden may still be known to be an account's statement, say, by the text as it was.
            true if is_hidden => {
                let (outline, effects) = settings.outline_and_effects(sql);
                Self {
                    effects: names(&effects),
                    ..Self::of_kind(outline.kind)
                }
            }
            true => {
                let (outline, effects) = shown_settings.outline_and_effects(text.as_bytes());
                let facts = Self::of_outline(&outline).with_effects(&effects);
                match secrets.ranges.is_empty() {
                    true => facts,
                    false => facts.with_own(&settings.outline_and_effects(sql).1),
                }
            }
            false => Self::default(),
        };
        if wants.digests && !is_hidden {
            facts.digest = Some(Digest::of(&text, shown_settings.reading()));
            let hidden = replaced(sql, &secrets, crate::trace::HIDDEN);
            (facts.shown, _) = in_utf8(&hidden, settings.character_set);
        }
        facts
    }

    /// Of a statement without tables, digest or effects, or in which they aren't known.
    pub(crate) fn of_kind(kind: StatementKind) -> Self {
        Self {
            kind,
            effects: Vec::new(),
            ..Self::default()
        }
    }

    /// Of a message about one table.
    pub(crate) fn of_table(kind: StatementKind, schema: Option<&str>, name: &str) -> Self {
        let table = mynah_sql::TableName {
            schema: schema.map(|schema| schema.as_bytes().to_vec()),
            name: name.as_bytes().to_vec(),
        };
        Self::of_outline(&Outline {
            kind,
            tables: vec![table],
            ..Outline::default()
        })
    }

    fn of_outline(outline: &Outline) -> Self {
        let tables: Vec<_> = outline.tables.iter().map(ToString::to_string).collect();
        let with_schema = outline.tables.iter().filter(|table| table.schema.is_some());
        let names = with_schema.map(|table| String::from_utf8_lossy(&table.name).into_owned());
        Self {
            table_texts: tables.iter().cloned().chain(names).collect(),
            tables,
            has_more_tables: outline.has_more_tables,
            ..Self::of_kind(outline.kind)
        }
    }

    fn with_effects(self, effects: &Effects) -> Self {
        let assignments = effects.assignments.iter();
        Self {
            effects: names(effects),
            sets: assignments.map(ToString::to_string).collect(),
            ..self
        }
    }

    /// The same with the effects of the statement itself, in place of those of the text in which something is replaced.
    fn with_own(self, effects: &Effects) -> Self {
        let own = names(effects);
        let sets = match own == self.effects {
            true => self.sets,
            false => Vec::new(),
        };
        Self {
            effects: own,
            sets,
            ..self
        }
    }

    /// The same without tables, if a rule hides the name of one.
    pub(crate) fn without_hidden(self, rules: Rules<'_>) -> Self {
        let mut tables = self.tables.iter();
        match tables.any(|table| rules.hide_value(table.as_bytes())) {
            true => Self::of_kind(self.kind),
            false => self,
        }
    }

    /// How many bytes its texts have.
    pub(crate) fn held(&self) -> usize {
        let tables: usize = self.table_texts.iter().map(String::len).sum();
        let of_session = self.effects.iter().chain(&self.sets);
        let of_session: usize = of_session.map(String::len).sum();
        let digest = self.digest.as_ref().map_or(0, |digest| digest.text().len());
        2 * tables + of_session + digest + self.shown.len()
    }
}

impl Default for StatementFacts {
    /// Of a statement of which nothing is known.
    fn default() -> Self {
        Self {
            kind: StatementKind::default(),
            tables: Vec::new(),
            table_texts: Vec::new(),
            has_more_tables: false,
            effects: names(&Effects::default()),
            sets: Vec::new(),
            digest: None,
            shown: Bytes::new(),
        }
    }
}

fn names(effects: &Effects) -> Vec<String> {
    effects.iter().map(|effect| effect.to_string()).collect()
}

/// How many bytes a statement may have. The time that a longer one takes would be missed by the worker's other
/// connections.
const LONGEST: usize = 64 * 1024;
