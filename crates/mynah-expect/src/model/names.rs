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
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that it has in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The one of this name.
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
    /// Runs a text.
    Query = "query",
    /// Runs a text that was prepared.
    Execute = "execute",
    /// Names a table's columns.
    FieldList = "field_list",
    /// Takes a schema into use.
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
    /// Makes a view: Crud.CreateView.
    CreateView = "create_view",
    /// Changes a view: Crud.ModifyView.
    ModifyView = "modify_view",
    /// Drops a view: Crud.DropView.
    DropView = "drop_view",
}

impl Command {
    /// Whether it runs a statement, as all do but those that are about a connection.
    #[must_use]
    pub const fn is_statement(self) -> bool {
        !matches!(self, Self::InitDb | Self::Admin | Self::FieldList)
    }
}
