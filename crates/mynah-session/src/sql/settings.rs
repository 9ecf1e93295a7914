use mynah_sql::{Characters, Comments, Reading};

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
    /// All ways in which a server may read a statement: one, unless something matters in it that is not
    /// known. Whether comments are run that only some servers run never is for sure: a proxy may stand
    /// in between.
    pub(super) fn readings(&self, sql: &[u8]) -> Vec<Reading> {
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

/// Both values, if the setting matters and isn't known.
fn both(known: Option<bool>, matters: bool) -> Vec<bool> {
    match known {
        Some(known) => vec![known],
        None if matters => vec![false, true],
        None => vec![false],
    }
}
