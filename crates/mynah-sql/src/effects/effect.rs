use std::fmt;

/// Something that a statement does to its session, or asks of it. `Display` writes the [name](Self::name).
///
/// Effects are found in the statement's text, so they are what the statement *may* do: a statement that fails, or that
/// reads no row, may do none of it. What is done by the body of a routine, a trigger or a view isn't known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Effect {
    /// May do anything: a statement that isn't known, or in which the end of a literal or a comment isn't certain.
    Unknown,
    /// Sets variables of the session: SET, and SET SESSION TRANSACTION.
    Variable,
    /// Sets global or persisted variables, which other sessions have at their start.
    GlobalVariable,
    /// Sets variables for one statement: SET STATEMENT … FOR of MariaDB.
    StatementVariable,
    /// SET NAMES or SET CHARACTER SET, which set several variables.
    CharacterSet,
    /// Sets user variables: SET, `:=`, INTO, LOAD DATA or GET DIAGNOSTICS.
    UserVariable,
    /// USE.
    Schema,
    /// Creates, alters or drops a schema. If it is the session's, DATABASE() or the character set of the schema changes.
    SchemaDefinition,
    /// SET ROLE.
    Role,
    /// SET RESOURCE GROUP, or a definition of a resource group.
    ResourceGroup,
    /// SET TRANSACTION for the next transaction alone, also as `SET @@transaction_isolation = …`.
    NextTransaction,
    /// Begins a transaction. (With `autocommit` off, other statements do, too.)
    Begin,
    /// COMMIT or ROLLBACK of the transaction.
    End,
    /// COMMIT or ROLLBACK with AND CHAIN, which begins the next transaction.
    Chain,
    /// COMMIT or ROLLBACK with RELEASE, which ends the connection.
    Release,
    /// SAVEPOINT, RELEASE SAVEPOINT, or ROLLBACK TO.
    Savepoint,
    /// A statement about XA transactions, except XA RECOVER.
    Xa,
    /// Creates a temporary table or sequence.
    CreateTemporary,
    /// DROP TEMPORARY. (Other DROP statements can drop temporary tables, too.)
    DropTemporary,
    /// GET_LOCK().
    NamedLock,
    /// RELEASE_LOCK() or RELEASE_ALL_LOCKS().
    NamedUnlock,
    /// The functions of MySQL's locking service.
    ServiceLock,
    /// LOCK TABLES.
    TableLock,
    /// UNLOCK TABLES.
    TableUnlock,
    /// FLUSH TABLES with WITH READ LOCK or FOR EXPORT.
    ReadLock,
    /// LOCK INSTANCE of MySQL, BACKUP STAGE and BACKUP LOCK of MariaDB.
    BackupLock,
    /// UNLOCK INSTANCE of MySQL, BACKUP UNLOCK and BACKUP STAGE END of MariaDB.
    BackupUnlock,
    /// HANDLER.
    Handler,
    /// PREPARE.
    Prepare,
    /// EXECUTE of a text that isn't known here.
    Execute,
    /// DEALLOCATE PREPARE or DROP PREPARE.
    Deallocate,
    /// CALL.
    Call,
    /// Calls a function that isn't known to be built in.
    UnknownFunction,
    /// Uses a sequence of MariaDB, whose last value the session keeps.
    Sequence,
    /// LAST_INSERT_ID() with an argument, which sets the session's value.
    SetLastInsertId,
    /// SQL_CALC_FOUND_ROWS, which sets what FOUND_ROWS() returns.
    CalcFoundRows,
    /// Asks for the last inserted id: LAST_INSERT_ID(), `@@identity`.
    AskLastInsertId,
    /// ROW_COUNT().
    AskRowCount,
    /// FOUND_ROWS().
    AskFoundRows,
    /// Asks for errors and warnings of the statement before: SHOW WARNINGS, GET DIAGNOSTICS, `@@error_count`.
    AskDiagnostics,
    /// Asks for the connection's number: CONNECTION_ID(), `@@pseudo_thread_id`.
    AskConnectionId,
    /// Asks for the GTID of an earlier transaction of the session: `@@last_gtid`.
    AskGtid,
    /// Asks for all variables or counters of the session: SHOW VARIABLES, SHOW STATUS, or a table of them.
    AskSession,
    /// A statement about accounts, roles and privileges. The account may be the session's own.
    Account,
    /// Such a statement that names the session's own account, as CURRENT_USER or by leaving out the name.
    OwnAccount,
    /// KILL.
    Kill,
    /// BINLOG, which sets variables of the session.
    Binlog,
    /// LOAD DATA or LOAD XML.
    Load,
    /// LOAD DATA LOCAL, whose file the client sends.
    LoadLocal,
}

impl Effect {
    /// All effects.
    pub const ALL: &'static [Self] = &[
        Self::Unknown,
        Self::Variable,
        Self::GlobalVariable,
        Self::StatementVariable,
        Self::CharacterSet,
        Self::UserVariable,
        Self::Schema,
        Self::SchemaDefinition,
        Self::Role,
        Self::ResourceGroup,
        Self::NextTransaction,
        Self::Begin,
        Self::End,
        Self::Chain,
        Self::Release,
        Self::Savepoint,
        Self::Xa,
        Self::CreateTemporary,
        Self::DropTemporary,
        Self::NamedLock,
        Self::NamedUnlock,
        Self::ServiceLock,
        Self::TableLock,
        Self::TableUnlock,
        Self::ReadLock,
        Self::BackupLock,
        Self::BackupUnlock,
        Self::Handler,
        Self::Prepare,
        Self::Execute,
        Self::Deallocate,
        Self::Call,
        Self::UnknownFunction,
        Self::Sequence,
        Self::SetLastInsertId,
        Self::CalcFoundRows,
        Self::AskLastInsertId,
        Self::AskRowCount,
        Self::AskFoundRows,
        Self::AskDiagnostics,
        Self::AskConnectionId,
        Self::AskGtid,
        Self::AskSession,
        Self::Account,
        Self::OwnAccount,
        Self::Kill,
        Self::Binlog,
        Self::Load,
        Self::LoadLocal,
    ];

    /// The name of the effect in lower case, such as `user_variable`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Variable => "variable",
            Self::GlobalVariable => "global_variable",
            Self::StatementVariable => "statement_variable",
            Self::CharacterSet => "character_set",
            Self::UserVariable => "user_variable",
            Self::Schema => "schema",
            Self::SchemaDefinition => "schema_definition",
            Self::Role => "role",
            Self::ResourceGroup => "resource_group",
            Self::NextTransaction => "next_transaction",
            Self::Begin => "begin",
            Self::End => "end",
            Self::Chain => "chain",
            Self::Release => "release",
            Self::Savepoint => "savepoint",
            Self::Xa => "xa",
            Self::CreateTemporary => "create_temporary",
            Self::DropTemporary => "drop_temporary",
            Self::NamedLock => "named_lock",
            Self::NamedUnlock => "named_unlock",
            Self::ServiceLock => "service_lock",
            Self::TableLock => "table_lock",
            Self::TableUnlock => "table_unlock",
            Self::ReadLock => "read_lock",
            Self::BackupLock => "backup_lock",
            Self::BackupUnlock => "backup_unlock",
            Self::Handler => "handler",
            Self::Prepare => "prepare",
            Self::Execute => "execute",
            Self::Deallocate => "deallocate",
            Self::Call => "call",
            Self::UnknownFunction => "unknown_function",
            Self::Sequence => "sequence",
            Self::SetLastInsertId => "set_last_insert_id",
            Self::CalcFoundRows => "calc_found_rows",
            Self::AskLastInsertId => "ask_last_insert_id",
            Self::AskRowCount => "ask_row_count",
            Self::AskFoundRows => "ask_found_rows",
            Self::AskDiagnostics => "ask_diagnostics",
            Self::AskConnectionId => "ask_connection_id",
            Self::AskGtid => "ask_gtid",
            Self::AskSession => "ask_session",
            Self::Account => "account",
            Self::OwnAccount => "own_account",
            Self::Kill => "kill",
            Self::Binlog => "binlog",
            Self::Load => "load",
            Self::LoadLocal => "load_local",
        }
    }

    /// The bit that stands for it in a set.
    pub(super) fn bit(self) -> u64 {
        1 << self as u8
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
