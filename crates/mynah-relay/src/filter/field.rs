use std::sync::LazyLock;

use mynah_classic::command::CommandCode;
use mynah_filter::Kind;
use mynah_session::observe::CommandKind;
use mynah_sql::{Effect, StatementKind};
use mynah_x::ClientMessageType;

/// What a filter may ask of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Command,
    Sql,
    Kind,
    Table,
    Effect,
    Sets,
    Digest,
    User,
    Schema,
    Client,
    Listener,
    Server,
    State,
    Connection,
    Error,
    Rows,
    Affected,
    Warnings,
    Sent,
    Received,
    Bytes,
    Latency,
    Waited,
    FirstByte,
}

impl Field {
    /// Whether commands have it, and connections as a whole don't.
    pub(super) fn is_of_commands(self) -> bool {
        !matches!(
            self,
            Self::User
                | Self::Schema
                | Self::Client
                | Self::Listener
                | Self::Server
                | Self::Connection
        )
    }
}

impl Field {
    /// Whether it is known only when a command has its answer.
    pub(super) fn is_of_answers(self) -> bool {
        self.is_of_commands()
            && !matches!(
                self,
                Self::Command
                    | Self::Sql
                    | Self::Kind
                    | Self::Table
                    | Self::Effect
                    | Self::Sets
                    | Self::Digest
            )
    }
}

impl mynah_filter::Field for Field {
    const ALL: &'static [Self] = &[
        Self::Command,
        Self::Sql,
        Self::Kind,
        Self::Table,
        Self::Effect,
        Self::Sets,
        Self::Digest,
        Self::User,
        Self::Schema,
        Self::Client,
        Self::Listener,
        Self::Server,
        Self::State,
        Self::Connection,
        Self::Error,
        Self::Rows,
        Self::Affected,
        Self::Warnings,
        Self::Sent,
        Self::Received,
        Self::Bytes,
        Self::Latency,
        Self::Waited,
        Self::FirstByte,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Sql => "sql",
            Self::Kind => "kind",
            Self::Table => "table",
            Self::Effect => "effect",
            Self::Sets => "sets",
            Self::Digest => "digest",
            Self::User => "user",
            Self::Schema => "schema",
            Self::Client => "client",
            Self::Listener => "listener",
            Self::Server => "server",
            Self::State => "state",
            Self::Connection => "connection",
            Self::Error => "error",
            Self::Rows => "rows",
            Self::Affected => "affected",
            Self::Warnings => "warnings",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Bytes => "bytes",
            Self::Latency => "latency",
            Self::Waited => "waited",
            Self::FirstByte => "first_byte",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Command => Kind::OneOf {
                what: "a command",
                names: &COMMANDS,
            },
            Self::Kind => Kind::OneOf {
                what: "a kind of statement",
                names: &KINDS,
            },
            Self::Effect => Kind::OneOf {
                what: "an effect",
                names: &EFFECTS,
            },
            Self::Sql
            | Self::Table
            | Self::Sets
            | Self::Digest
            | Self::User
            | Self::Schema
            | Self::Client
            | Self::Listener
            | Self::Server => Kind::Text,
            Self::State => Kind::SqlState,
            Self::Connection => Kind::Number {
                most: u32::MAX.into(),
            },
            Self::Error | Self::Warnings => Kind::Number {
                most: u16::MAX.into(),
            },
            Self::Rows | Self::Affected => Kind::Number { most: u64::MAX },
            Self::Sent | Self::Received | Self::Bytes => Kind::Size,
            Self::Latency | Self::Waited | Self::FirstByte => Kind::Time,
        }
    }
}

/// The names of all kinds of statements.
static KINDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| StatementKind::ALL.iter().map(|kind| kind.name()).collect());

/// The names of all effects of statements.
static EFFECTS: LazyLock<Vec<&str>> =
    LazyLock::new(|| Effect::ALL.iter().map(|effect| effect.name()).collect());

/// The names of all commands, of both protocols.
static COMMANDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let classic = (0..=u8::MAX).map(|code| CommandKind::Classic(CommandCode(code)));
    let x = ClientMessageType::ALL
        .iter()
        .map(|kind| CommandKind::X(*kind));
    let mut names: Vec<_> = classic.chain(x).map(CommandKind::name).collect();
    names.sort_unstable();
    names.dedup();
    names
});
