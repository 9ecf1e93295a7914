use bytes::Bytes;

use crate::x::XRequest;
use crate::{Param, SessionState};

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
    /// The state of the session that it is to be run in, the schema in use among it.
    pub state: SessionState,
    /// What a message of the X Protocol asks besides the text, if it isn't a text that is asked. The
    /// text is then SQL that asks the same, or the name of a command.
    pub x: Option<Box<XRequest>>,
}

/// How a client asks for a [`Statement`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatementCommand {
    /// To run a text: COM_QUERY.
    #[default]
    Query,
    /// To prepare a statement: COM_STMT_PREPARE, or Prepare.Prepare of the X Protocol.
    Prepare,
    /// To run a text that was prepared: COM_STMT_EXECUTE, or one row of COM_STMT_BULK_EXECUTE;
    /// Prepare.Execute of the X Protocol.
    Execute,
    /// To name a table's columns: COM_FIELD_LIST.
    FieldList,
    /// To be known as a replica: COM_REGISTER_SLAVE.
    RegisterReplica,
    /// To be sent a binary log: COM_BINLOG_DUMP or COM_BINLOG_DUMP_GTID.
    BinlogDump,
    /// To take a schema into use, which the text names: COM_INIT_DB.
    InitDb,
    /// To carry out a command of the X Plugin, which the text names.
    Admin,
    /// To read documents or rows: Crud.Find.
    Find,
    /// To insert documents or rows: Crud.Insert.
    Insert,
    /// To change documents or rows: Crud.Update.
    Update,
    /// To delete documents or rows: Crud.Delete.
    Delete,
    /// To make a view: Crud.CreateView.
    CreateView,
    /// To change a view: Crud.ModifyView.
    ModifyView,
    /// To drop a view: Crud.DropView.
    DropView,
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
            state: SessionState::default(),
            x: None,
        }
    }
}
