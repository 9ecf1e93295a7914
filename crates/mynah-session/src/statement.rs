use bytes::Bytes;

use crate::Param;

/// What a client asks for, whatever the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// How it asks.
    pub command: StatementCommand,
    /// The statement as it came, in the client's character set. Of an execution, it is the text that
    /// was prepared; of COM_FIELD_LIST, the table; of a binary log, the file's name.
    pub text: Bytes,
    /// The values of the placeholders, in order; empty unless it is an execution.
    pub params: Vec<Param>,
    /// Query attributes, each with its name; empty unless the client sent some.
    pub attributes: Vec<Param>,
    /// The prepared statement's number in its session, from 1.
    pub statement_id: Option<u32>,
    /// The schema in use, if there is one.
    pub schema: Option<Bytes>,
}

/// How a client asks for a [`Statement`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatementCommand {
    /// To run a text: COM_QUERY.
    #[default]
    Query,
    /// To prepare a text: COM_STMT_PREPARE.
    Prepare,
    /// To run what was prepared: COM_STMT_EXECUTE, or one row of COM_STMT_BULK_EXECUTE.
    Execute,
    /// To name a table's columns: COM_FIELD_LIST.
    FieldList,
    /// To be known as a replica: COM_REGISTER_SLAVE.
    RegisterReplica,
    /// To be sent a binary log: COM_BINLOG_DUMP or COM_BINLOG_DUMP_GTID.
    BinlogDump,
}

impl Statement {
    /// A statement of this text that is run at once.
    #[must_use]
    pub fn query(text: impl Into<Bytes>) -> Self {
        Self::new(StatementCommand::Query, text)
    }

    /// A statement of this text, without parameters.
    #[must_use]
    pub fn new(command: StatementCommand, text: impl Into<Bytes>) -> Self {
        Self {
            command,
            text: text.into(),
            params: Vec::new(),
            attributes: Vec::new(),
            statement_id: None,
            schema: None,
        }
    }
}
