use mynah_session::StatementCommand;
use serde::Serialize;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident: $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$variant_doc])* #[serde(rename = $name)] $variant,)*
        }

        impl $type {
            /// All values of this type.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The value's name in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The value that has this name in JSON; `None` if there is none.
            #[must_use]
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

names! {
    /// A protocol that clients speak.
    Protocol:
    /// The classic protocol.
    Classic = "classic",
    /// The X Protocol.
    X = "x",
}

names! {
    /// How a client asks for a statement.
    Command:
    /// Runs a text: COM_QUERY, or an SQL statement of the X Protocol; also the commands of a replica.
    Query = "query",
    /// Runs a prepared statement: COM_STMT_EXECUTE, each row of COM_STMT_BULK_EXECUTE, or Prepare.Execute of the X
    /// Protocol.
    Execute = "execute",
    /// Runs a prepared statement with many rows of values, COM_STMT_BULK_EXECUTE, as a whole. Only a recording has
    /// expectations of it; other expectations match the rows one by one, as executions.
    BulkExecute = "bulk_execute",
    /// Asks for a table's columns: COM_FIELD_LIST.
    FieldList = "field_list",
    /// Prepares a text: COM_STMT_PREPARE, or Prepare.Prepare of the X Protocol.
    Prepare = "prepare",
    /// Switches to a schema: COM_INIT_DB.
    InitDb = "init_db",
    /// A command of the X Plugin.
    Admin = "admin",
    /// Reads documents or rows: Crud.Find.
    Find = "find",
    /// Inserts documents or rows: Crud.Insert.
    Insert = "insert",
    /// Changes documents or rows: Crud.Update.
    Update = "update",
    /// Deletes documents or rows: Crud.Delete.
    Delete = "delete",
    /// Creates a view: Crud.CreateView.
    CreateView = "create_view",
    /// Changes a view: Crud.ModifyView.
    ModifyView = "modify_view",
    /// Drops a view: Crud.DropView.
    DropView = "drop_view",
}

impl Command {
    /// Whether the command runs one statement; `false` for those about the connection or about a table's
    /// columns, for those that only prepare, and for a bulk execution as a whole.
    #[must_use]
    pub const fn is_statement(self) -> bool {
        !matches!(
            self,
            Self::InitDb | Self::Admin | Self::FieldList | Self::Prepare | Self::BulkExecute
        )
    }
}

impl From<StatementCommand> for Command {
    /// A replica's commands count as texts, which they are matched as.
    fn from(command: StatementCommand) -> Self {
        match command {
            StatementCommand::Execute => Self::Execute,
            StatementCommand::Prepare => Self::Prepare,
            StatementCommand::FieldList => Self::FieldList,
            StatementCommand::InitDb => Self::InitDb,
            StatementCommand::Admin => Self::Admin,
            StatementCommand::Find => Self::Find,
            StatementCommand::Insert => Self::Insert,
            StatementCommand::Update => Self::Update,
            StatementCommand::Delete => Self::Delete,
            StatementCommand::CreateView => Self::CreateView,
            StatementCommand::ModifyView => Self::ModifyView,
            StatementCommand::DropView => Self::DropView,
            _ => Self::Query,
        }
    }
}
