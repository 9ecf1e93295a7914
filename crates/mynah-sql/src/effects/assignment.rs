use std::fmt;
use std::ops::Range;

/// A variable that a statement sets. `Display` writes the variable with its scope but without the value: `sql_mode`,
/// `global.max_connections`, `@total`, `names`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// Whose variable it is.
    pub scope: Scope,
    /// The variable's name without quotes: of a user variable as it is written, of another in lower case. Empty if the
    /// name isn't known, and for [`Scope::Names`] and [`Scope::CharacterSet`]. Of SET TRANSACTION the variables are
    /// `transaction_isolation` and `transaction_read_only`, whatever the server calls them.
    pub name: Vec<u8>,
    /// What the value is.
    pub value: Value,
}

/// Whose variable is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Scope {
    /// The session's.
    Session,
    /// The next transaction's alone: `SET TRANSACTION …` and `SET @@transaction_isolation = …`.
    NextTransaction,
    /// The server's.
    Global,
    /// The server's, also after a restart: SET PERSIST of MySQL.
    Persist,
    /// The server's after a restart: SET PERSIST_ONLY of MySQL.
    PersistOnly,
    /// The session's during one statement: SET STATEMENT of MariaDB.
    Statement,
    /// A user variable.
    User,
    /// The variables that SET NAMES sets.
    Names,
    /// The variables that SET CHARACTER SET sets.
    CharacterSet,
}

/// What the value of an assignment is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// DEFAULT.
    Default,
    /// A literal or a word such as `ON` or `utf8mb4`, by its range of bytes in the statement, with quotes. It has the
    /// same value wherever it is used.
    Literal(Range<usize>),
    /// Anything else, by its range of bytes in the statement: an expression, the options of SET TRANSACTION, or a
    /// character set with its collation.
    Expression(Range<usize>),
    /// Not in the statement: a row or a part of a file gives the value.
    Elsewhere,
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = String::from_utf8_lossy(&self.name);
        match self.scope {
            Scope::Session => f.write_str(&name),
            Scope::NextTransaction => write!(f, "next.{name}"),
            Scope::Global => write!(f, "global.{name}"),
            Scope::Persist => write!(f, "persist.{name}"),
            Scope::PersistOnly => write!(f, "persist_only.{name}"),
            Scope::Statement => write!(f, "statement.{name}"),
            Scope::User => write!(f, "@{name}"),
            Scope::Names => f.write_str("names"),
            Scope::CharacterSet => f.write_str("character_set"),
        }
    }
}
