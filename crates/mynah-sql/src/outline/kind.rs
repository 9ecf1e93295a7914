use std::fmt;

/// What a statement does, as its words show it. `Display` writes the [name](Self::name).
///
/// A kind is no proof of what a server does: a `Select` may call a function that writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StatementKind {
    /// SELECT, TABLE or VALUES, in parentheses or behind WITH too, without the clauses of the next two kinds.
    Select,
    /// A SELECT with FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE, also in a subquery.
    LockingSelect,
    /// A SELECT with INTO: into variables or a file.
    SelectInto,
    /// INSERT.
    Insert,
    /// REPLACE.
    Replace,
    /// UPDATE.
    Update,
    /// DELETE.
    Delete,
    /// LOAD DATA or LOAD XML.
    Load,
    /// CALL.
    Call,
    /// DO.
    Do,
    /// HANDLER.
    Handler,
    /// CREATE, ALTER, DROP, RENAME or TRUNCATE of what isn't an account.
    Ddl,
    /// Statements about accounts, roles and privileges: CREATE USER, GRANT, SET PASSWORD and the like.
    Account,
    /// SET, except of a password or a default role.
    Set,
    /// USE.
    Use,
    /// START TRANSACTION, BEGIN (alone or with WORK), COMMIT, ROLLBACK, SAVEPOINT or RELEASE SAVEPOINT.
    Transaction,
    /// XA.
    Xa,
    /// LOCK and UNLOCK of tables or the instance; BACKUP of MariaDB.
    Lock,
    /// FLUSH.
    Flush,
    /// SHOW, HELP, or DESCRIBE of a table.
    Show,
    /// EXPLAIN or DESCRIBE of a statement.
    Explain,
    /// GET DIAGNOSTICS, SIGNAL or RESIGNAL.
    Diagnostics,
    /// PREPARE.
    Prepare,
    /// EXECUTE, also EXECUTE IMMEDIATE.
    Execute,
    /// DEALLOCATE PREPARE or DROP PREPARE.
    Deallocate,
    /// KILL.
    Kill,
    /// Maintenance of tables and servers: ANALYZE TABLE, CHECK, OPTIMIZE, INSTALL, RESET, SHUTDOWN and the like.
    Admin,
    /// Statements about replication: CHANGE, START and STOP REPLICA, PURGE, BINLOG and the like.
    Replication,
    /// Several statements in one text.
    Several,
    /// No statement: the text is empty, or has only comments.
    Empty,
    /// Another statement, or one in which the end of a literal or a comment isn't certain.
    #[default]
    Unknown,
}

impl StatementKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Select,
        Self::LockingSelect,
        Self::SelectInto,
        Self::Insert,
        Self::Replace,
        Self::Update,
        Self::Delete,
        Self::Load,
        Self::Call,
        Self::Do,
        Self::Handler,
        Self::Ddl,
        Self::Account,
        Self::Set,
        Self::Use,
        Self::Transaction,
        Self::Xa,
        Self::Lock,
        Self::Flush,
        Self::Show,
        Self::Explain,
        Self::Diagnostics,
        Self::Prepare,
        Self::Execute,
        Self::Deallocate,
        Self::Kill,
        Self::Admin,
        Self::Replication,
        Self::Several,
        Self::Empty,
        Self::Unknown,
    ];

    /// The name of the kind in lower case, such as `locking_select`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::LockingSelect => "locking_select",
            Self::SelectInto => "select_into",
            Self::Insert => "insert",
            Self::Replace => "replace",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Load => "load",
            Self::Call => "call",
            Self::Do => "do",
            Self::Handler => "handler",
            Self::Ddl => "ddl",
            Self::Account => "account",
            Self::Set => "set",
            Self::Use => "use",
            Self::Transaction => "transaction",
            Self::Xa => "xa",
            Self::Lock => "lock",
            Self::Flush => "flush",
            Self::Show => "show",
            Self::Explain => "explain",
            Self::Diagnostics => "diagnostics",
            Self::Prepare => "prepare",
            Self::Execute => "execute",
            Self::Deallocate => "deallocate",
            Self::Kill => "kill",
            Self::Admin => "admin",
            Self::Replication => "replication",
            Self::Several => "several",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for StatementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
