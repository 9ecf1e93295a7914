use mynah_sql::{Characters, Comments, Effects, Outline, Reading, StatementKind};

use super::names;
use crate::placeholders::Dialect;

/// The settings that decide how a server parses a session's statements. `None` means unknown; then every
/// possibility counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The server's product and version, from its greeting. If the server is a proxy itself, the real ones
    /// may differ.
    pub server: Dialect,
    /// Whether `"` quotes identifiers instead of strings: ANSI_QUOTES in `sql_mode`. `None` if it isn't known.
    pub ansi_quotes: Option<bool>,
    /// Whether `\` is an ordinary character in strings: NO_BACKSLASH_ESCAPES in `sql_mode`. `None` if it isn't
    /// known.
    pub no_backslash_escapes: Option<bool>,
    /// How characters are encoded in bytes, by `character_set_client`; `None` if it isn't known.
    pub characters: Option<Characters>,
    /// The name of the character set that is `character_set_client`; `None` if the connection doesn't show which one
    /// that is, or if it is none of those that the server's product has.
    pub character_set: Option<&'static str>,
}

impl Settings {
    /// The settings of a session of the X Protocol: statements are in UTF-8, and the protocol says nothing else.
    #[must_use]
    pub fn of_x() -> Self {
        Self {
            characters: Some(Characters::Ascii),
            ..Self::default()
        }
    }

    /// The way in which the server most likely reads a statement: settings that aren't known count as those of a server
    /// by default.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading {
            ansi_quotes: self.ansi_quotes.unwrap_or_default(),
            no_backslash_escapes: self.no_backslash_escapes.unwrap_or_default(),
            characters: self.characters.unwrap_or_default(),
            ..self.server.into()
        }
    }

    /// The outline of a statement. If settings that matter for the statement aren't known, it has the tables of each
    /// way to read the statement, and its kind only if that is the same in all ways.
    #[must_use]
    pub fn outline(&self, sql: &[u8]) -> Outline {
        let mut outline = Outline::of(sql, self.reading());
        for reading in self.others(sql) {
            join(&mut outline, Outline::of(sql, reading));
        }
        outline
    }

    /// The [outline](Self::outline) and the effects of a statement. If settings that matter for the statement aren't
    /// known, it has the effects of each way to read the statement, and `Effect::Unknown` unless all are the same.
    #[must_use]
    pub fn outline_and_effects(&self, sql: &[u8]) -> (Outline, Effects) {
        let (mut outline, mut effects) = Effects::with_outline(sql, self.reading());
        let others = self.others(sql);
        for reading in others {
            let (other, more) = Effects::with_outline(sql, reading);
            join(&mut outline, other);
            if more != effects {
                effects.join(more);
                effects.join(Effects::default());
            }
        }
        (outline, effects)
    }

    /// The ways to read a statement, besides [`reading`](Self::reading), that differ in settings that aren't known.
    fn others(&self, sql: &[u8]) -> Vec<Reading> {
        let first = self.reading();
        let quotes = both(self.ansi_quotes, sql.contains(&b'"'));
        let escapes = both(self.no_backslash_escapes, sql.contains(&b'\\'));
        let readings = quotes.iter().flat_map(|&ansi_quotes| {
            escapes.iter().map(move |&no_backslash_escapes| Reading {
                ansi_quotes,
                no_backslash_escapes,
                ..first
            })
        });
        readings.filter(|reading| *reading != first).collect()
    }

    /// All ways in which a server may read a statement: one, unless something matters in it that is not
    /// known. Whether comments are run that only some servers run never is for sure: a proxy may stand
    /// in between.
    #[must_use]
    pub fn readings(&self, sql: &[u8]) -> Vec<Reading> {
        let has = |wanted: u8| sql.contains(&wanted);
        // A statement that stands behind another may be read otherwise.
        let changes_mode = names::SQL_MODE.are_in(sql);
        let changes_characters = has(b';') && names::CHARACTER_SET.are_in(sql);
        let quotes = both(self.ansi_quotes.filter(|_| !changes_mode), has(b'"'));
        let escapes = both(
            self.no_backslash_escapes.filter(|_| !changes_mode),
            has(b'\\'),
        );
        let characters = match self.characters.filter(|_| !changes_characters) {
            Some(characters) => vec![characters],
            None if sql.is_ascii() => vec![Characters::Ascii],
            None => Characters::ALL.to_vec(),
        };
        let of_server = Comments::OfServer {
            version: self.server.version,
            is_mariadb: self.server.is_mariadb,
        };
        let mut comments = vec![of_server];
        if names::RUN_COMMENTS.are_in(sql) {
            comments.extend([Comments::All, Comments::None]);
            if self.server == Dialect::default() {
                comments.extend(Comments::by_versions_in(sql));
            }
        }
        // The product of all that isn't known and matters for this statement: mostly a single reading.
        let mut readings = Vec::new();
        for ansi_quotes in quotes {
            for &no_backslash_escapes in &escapes {
                for &characters in &characters {
                    readings.extend(comments.iter().map(|&comments| Reading {
                        ansi_quotes,
                        no_backslash_escapes,
                        comments,
                        characters,
                    }));
                }
            }
        }
        readings
    }
}

/// Adds what a statement may be, too.
fn join(outline: &mut Outline, other: Outline) {
    if outline.kind != other.kind {
        outline.kind = StatementKind::Unknown;
    }
    outline.has_more_tables |= other.has_more_tables;
    for table in other.tables {
        if !outline.tables.contains(&table) {
            outline.tables.push(table);
        }
    }
}

/// Both values, if the setting matters and isn't known.
fn both(known: Option<bool>, matters: bool) -> Vec<bool> {
    match known {
        Some(known) => vec![known],
        None if matters => vec![false, true],
        None => vec![false],
    }
}

#[cfg(test)]
mod tests {
    use mynah_sql::Effect;

    use super::*;

    #[test]
    fn effects_are_those_of_every_way_to_read_a_statement() {
        let unknown = Settings::default();
        for (sql, wanted) in [
            (
                r#"set @a = 1, sql_mode = "x""#,
                &[Effect::Variable, Effect::UserVariable][..],
            ),
            (r#"select "a", get_lock('b', 1)"#, &[Effect::NamedLock]),
            (
                r"select 'a\'; begin; -- '",
                &[Effect::Unknown, Effect::Begin],
            ),
        ] {
            let (outline, effects) = unknown.outline_and_effects(sql.as_bytes());
            assert_eq!(outline, unknown.outline(sql.as_bytes()), "{sql}");
            assert_eq!(effects.iter().collect::<Vec<_>>(), wanted, "{sql}");
        }
    }

    #[test]
    fn an_outline_is_that_of_every_way_to_read_a_statement() {
        let known = Settings {
            ansi_quotes: Some(true),
            no_backslash_escapes: Some(false),
            ..Settings::default()
        };
        let unknown = Settings::default();
        for (settings, sql, kind, tables) in [
            (
                known,
                r#"select "a" from "t""#,
                StatementKind::Select,
                &["t"][..],
            ),
            (
                unknown,
                r#"select "a" from "t", u"#,
                StatementKind::Select,
                &["u", "t"],
            ),
            (
                known,
                r"select '\' from t' from u",
                StatementKind::Select,
                &["u"],
            ),
            (unknown, r"select 'a\'; from t", StatementKind::Unknown, &[]),
            (
                unknown,
                r"select '\n' from t",
                StatementKind::Select,
                &["t"],
            ),
        ] {
            let outline = settings.outline(sql.as_bytes());
            let names: Vec<_> = outline.tables.iter().map(ToString::to_string).collect();
            assert_eq!(
                (outline.kind, &names[..]),
                (
                    kind,
                    &tables.iter().map(ToString::to_string).collect::<Vec<_>>()[..]
                ),
                "{sql}"
            );
        }
    }
}
