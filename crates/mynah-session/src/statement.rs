use bytes::Bytes;

use crate::{Param, SessionState, XRequest};

/// A statement or command of a client, of either protocol, that a [`Handler`](crate::Handler) answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// By which command the client sent the statement.
    pub command: StatementCommand,
    /// The SQL text, in the client's character set. For an execution it is the text that was prepared, for
    /// COM_FIELD_LIST the table's name, for a binary log the file's name, for a replica that registers its host's
    /// name, for COM_INIT_DB the schema's name. Messages of the X Protocol that aren't SQL: see [`x`](Self::x).
    pub text: Bytes,
    /// The values of the placeholders, in order, of an execution, of SQL that StmtExecute of the X Protocol sends with
    /// arguments, or of a Crud.Find, Crud.Insert, Crud.Update or Crud.Delete with arguments, whose `text` has the values
    /// already; otherwise empty. The arguments of a command of the X Plugin are in [`x`](Self::x).
    pub params: Vec<Param>,
    /// The query attributes that the client sent, each with its name.
    pub attributes: Vec<Param>,
    /// The id of the prepared statement that is executed, or that is being prepared: counted from 1 in each session of
    /// the classic protocol, chosen by the client in the X Protocol. Otherwise `None`.
    pub statement_id: Option<u32>,
    /// Whether the client fetches the rows of the execution by a cursor, a few at a time: COM_STMT_EXECUTE with
    /// CURSOR_TYPE_READ_ONLY, or Cursor.Open.
    pub opens_cursor: bool,
    /// The state of the session when the statement starts, with the schema in use.
    pub state: SessionState,
    /// The parts of an X Protocol message that isn't SQL, such as Crud.Find; otherwise `None`. With it, `text` is
    /// SQL that means the same, or the name of a command.
    pub x: Option<Box<XRequest>>,
}

/// By which command of its protocol a client sent a [`Statement`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatementCommand {
    /// COM_QUERY, or the X Protocol's StmtExecute with SQL, which is run at once.
    #[default]
    Query,
    /// COM_STMT_PREPARE, or Prepare.Prepare of the X Protocol.
    Prepare,
    /// COM_STMT_EXECUTE, one row of COM_STMT_BULK_EXECUTE, or Prepare.Execute or Cursor.Open of the X Protocol: runs
    /// a prepared SQL statement. A prepared CRUD message that is executed has the command of that message.
    Execute,
    /// COM_FIELD_LIST: asks for the columns of a table.
    FieldList,
    /// COM_REGISTER_SLAVE: the client registers as a replica.
    RegisterReplica,
    /// COM_BINLOG_DUMP or COM_BINLOG_DUMP_GTID: the client asks for a binary log.
    BinlogDump,
    /// COM_INIT_DB: switches to the schema that the text names.
    InitDb,
    /// A command of the X Plugin, such as `ping`, named by the text.
    Admin,
    /// Crud.Find: reads documents or rows.
    Find,
    /// Crud.Insert: inserts documents or rows.
    Insert,
    /// Crud.Update: changes documents or rows.
    Update,
    /// Crud.Delete: deletes documents or rows.
    Delete,
    /// Crud.CreateView: creates a view.
    CreateView,
    /// Crud.ModifyView: changes a view.
    ModifyView,
    /// Crud.DropView: drops a view.
    DropView,
}

impl Statement {
    /// A statement with this text, sent by COM_QUERY.
    #[must_use]
    pub fn query(text: impl Into<Bytes>) -> Self {
        Self::new(StatementCommand::Query, text)
    }

    /// A statement with this command and text, without parameters.
    #[must_use]
    pub fn new(command: StatementCommand, text: impl Into<Bytes>) -> Self {
        Self {
            command,
            text: text.into(),
            params: Vec::new(),
            attributes: Vec::new(),
            statement_id: None,
            opens_cursor: false,
            state: SessionState::default(),
            x: None,
        }
    }
}
