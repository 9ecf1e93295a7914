use std::borrow::Cow;

use mynah_classic::tables::{Collation, Product};

use crate::Failure;
use crate::placeholders::Dialect;

/// The character sets of a session, each by the id of one of its collations: what a login and
/// `SET NAMES` set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CharacterSets {
    /// Statements are in this one: `character_set_client`.
    pub client: u16,
    /// The server takes a statement's texts for this one: `collation_connection`.
    pub connection: u16,
    /// Answers are in this one: `character_set_results`. Absent (NULL), they are as they are stored.
    pub results: Option<u16>,
}

impl CharacterSets {
    /// All three are that of this collation.
    #[must_use]
    pub const fn all(collation: u16) -> Self {
        Self {
            client: collation,
            connection: collation,
            results: Some(collation),
        }
    }

    /// Those of a client that logs in with this collation, where a server's default is `default`. A
    /// collation that the server doesn't know is the default.
    ///
    /// # Errors
    /// That the server can't read statements in this character set.
    pub(crate) fn of_login(
        collation: u16,
        default: u16,
        dialect: Dialect,
    ) -> Result<Self, Failure> {
        match Collation::by_id(dialect.product(), collation) {
            Some(known) if !known.is_for_clients() => Err(Failure::wrong_value(
                "character_set_client",
                known.character_set,
            )),
            Some(known) => Ok(Self::all(dialect.of_login(known).id)),
            None => Ok(Self::all(default)),
        }
    }
}

impl Default for CharacterSets {
    /// Those of MySQL 8 and later.
    fn default() -> Self {
        Self::all(UTF8MB4_0900_AI_CI)
    }
}

/// What a version says of character sets.
impl Dialect {
    /// Whose numbers and names its collations have.
    #[must_use]
    pub fn product(self) -> Product {
        match self.is_mariadb {
            true => Product::MariaDb,
            false => Product::MySql,
        }
    }

    /// The id of the server's default collation, where its greeting says this one; 0 is none.
    #[must_use]
    pub fn default_collation(self, greeted: u8) -> u16 {
        match (greeted, self.is_mariadb) {
            (1.., _) => greeted.into(),
            (0, true) if self.version >= 110_601 => UTF8MB4_UCA1400_AI_CI,
            (0, false) if self.version >= 80_001 => UTF8MB4_0900_AI_CI,
            (0, _) => LATIN1_SWEDISH_CI,
        }
    }

    /// The collation that a character set has unless another is named; nothing if there is no such
    /// character set.
    #[must_use]
    pub fn collation_of(self, character_set: &str) -> Option<&'static Collation> {
        let newest = Collation::by_character_set(self.product(), character_set)?;
        let older = match (self.product(), newest.id) {
            (Product::MariaDb, 2048..) if self.version < 110_500 => Some("general_ci"),
            (Product::MySql, UTF8MB4_0900_AI_CI) if self.version < 80_001 => Some("general_ci"),
            _ => None,
        };
        let older = older.and_then(|rest| {
            Collation::by_name(self.product(), &format!("{}_{rest}", newest.character_set))
        });
        older.or(Some(newest))
    }

    /// The collation that a session gets whose client logs in with this one. Seen: to MariaDB 11.8 the
    /// default one of former versions says no more than its character set.
    fn of_login(self, greeted: &'static Collation) -> &'static Collation {
        let is_former_default = self.is_mariadb && greeted.name.ends_with("_general_ci");
        let default = self.collation_of(greeted.character_set);
        match default {
            Some(default) if is_former_default && default.id >= FIRST_UCA1400 => default,
            _ => greeted,
        }
    }

    /// A character set or a collation by the name that it has in this version: what is `utf8mb3` now
    /// was `utf8`.
    #[must_use]
    pub fn name_of(self, name: &'static str) -> Cow<'static, str> {
        let rest = name.strip_prefix("utf8mb3");
        let renamed = match (self.is_mariadb, rest) {
            (true, _) => 100_600,
            (false, Some("")) => 80_028,
            (false, _) => 80_030,
        };
        match rest {
            Some(rest) if self.version < renamed => format!("utf8{rest}").into(),
            _ => name.into(),
        }
    }
}

const LATIN1_SWEDISH_CI: u16 = 8;
const UTF8MB4_0900_AI_CI: u16 = 255;
const FIRST_UCA1400: u16 = 2048;
const UTF8MB4_UCA1400_AI_CI: u16 = 2304;
