use std::borrow::Cow;

use mynah_classic::tables::{Collation, Product};

use crate::Failure;
use crate::placeholders::Dialect;

/// The character sets of a session, as its login and `SET NAMES` set them. Each is given by the id of one of
/// its collations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CharacterSets {
    /// `character_set_client`: the character set of the statements that the client sends.
    pub client: u16,
    /// `collation_connection`: the collation of literals. MySQL's and MariaDB's servers convert statements to that
    /// collation's character set (`character_set_connection`) before they run them.
    pub connection: u16,
    /// `character_set_results`: the character set of answers. `None` stands for SQL's NULL: values are sent
    /// as they are stored.
    pub results: Option<u16>,
}

impl CharacterSets {
    /// The same collation for client, connection and results, as `SET NAMES` sets them.
    #[must_use]
    pub const fn all(collation: u16) -> Self {
        Self {
            client: collation,
            connection: collation,
            results: Some(collation),
        }
    }

    /// The id that definitions of columns have for texts in this collation. MariaDB sends that of an older collation in
    /// place of those that older clients don't know.
    #[must_use]
    pub const fn id_in_columns(collation: u16) -> u16 {
        match collation {
            2048..=2303 => UTF8MB3_UNICODE_CI,
            2304..=2559 => UTF8MB4_UNICODE_CI,
            known => known,
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
        match dialect.collation(collation) {
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
    /// MySQL 8's default, `utf8mb4_0900_ai_ci`, for all three.
    fn default() -> Self {
        Self::all(UTF8MB4_0900_AI_CI)
    }
}

/// What a version says of character sets.
impl Dialect {
    /// The product whose collations this server has: MySQL and MariaDB number and name some differently.
    #[must_use]
    pub fn product(self) -> Product {
        match self.is_mariadb {
            true => Product::MariaDb,
            false => Product::MySql,
        }
    }

    /// The id of the server's default collation. `greeted` is the collation id in its greeting; if that is 0,
    /// the default of the server's version is returned.
    #[must_use]
    pub fn default_collation(self, greeted: u8) -> u16 {
        match (greeted, self.is_mariadb) {
            (1.., _) => greeted.into(),
            (0, true) if self.version >= 110_601 => UTF8MB4_UCA1400_AI_CI,
            (0, false) if self.version >= 80_001 => UTF8MB4_0900_AI_CI,
            (0, _) => LATIN1_SWEDISH_CI,
        }
    }

    /// The default collation of a character set in this version: for `utf8mb4`, `utf8mb4_0900_ai_ci` in MySQL
    /// 9. `None` if there is no character set of this name.
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

    /// The collation with this id; `None` if this version has none.
    pub(crate) fn collation(self, id: u16) -> Option<&'static Collation> {
        let known = Collation::by_id(self.product(), id)?;
        let is_0900 = known.name.contains("_0900_");
        let since = match self.product() {
            Product::MySql if is_0900 => 80_001,
            Product::MariaDb if is_0900 => 110_405,
            Product::MariaDb if known.id >= FIRST_UCA1400 => 101_001,
            _ => 0,
        };
        (self.version >= since).then_some(known)
    }

    /// The collation of a session whose client names this one in its login. MariaDB 11.8 was seen to take the
    /// default collation of former versions (`…_general_ci`) for its character set only, and to use that
    /// one's new default.
    fn of_login(self, greeted: &'static Collation) -> &'static Collation {
        let is_former_default = self.is_mariadb && greeted.name.ends_with("_general_ci");
        is_former_default
            .then(|| self.collation_of(greeted.character_set))
            .flatten()
            .filter(|default| default.id >= FIRST_UCA1400)
            .unwrap_or(greeted)
    }

    /// The name of a character set or a collation in this version. Newer servers say `utf8mb3` where older ones say
    /// `utf8`; other names are returned as they are.
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
const UTF8MB3_UNICODE_CI: u16 = 192;
const UTF8MB4_UNICODE_CI: u16 = 224;
const UTF8MB4_0900_AI_CI: u16 = 255;
const FIRST_UCA1400: u16 = 2048;
const UTF8MB4_UCA1400_AI_CI: u16 = 2304;
