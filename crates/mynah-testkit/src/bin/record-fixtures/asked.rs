use mynah_testkit::{
    Direction, Line,
    servers::{PASSWORD, SCHEMA},
};

use crate::client::Client;

/// One fixture: the task of a client on one connection.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The fixture's name, without `.hex`.
    pub(crate) name: String,
    /// The task in words, for the comment.
    pub(crate) what: String,
    pub(crate) client: Client,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) schema: Option<&'static str>,
    pub(crate) options: Vec<String>,
    pub(crate) arguments: Vec<String>,
    /// Statements to run before, on another connection that isn't recorded.
    pub(crate) before: Vec<String>,
    /// Whether the client must fail.
    pub(crate) fails: bool,
    pub(crate) connection: Which,
}

/// A user no server has.
pub(crate) const STRANGER: &str = "stranger";

/// The connection to record, if a client makes several.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    /// There must be only one connection.
    Only,
    /// The last connection.
    Last,
    /// The connection with this command.
    With(u8),
}

impl Asked {
    pub(crate) fn new(name: impl Into<String>, what: impl Into<String>, client: Client) -> Self {
        Self {
            name: name.into(),
            what: what.into(),
            client,
            user: "nobody",
            password: "",
            schema: Some(SCHEMA),
            options: Vec::new(),
            arguments: Vec::new(),
            before: Vec::new(),
            fails: false,
            connection: Which::Only,
        }
    }

    /// Another user than the account without a password.
    pub(crate) const fn user(mut self, user: &'static str) -> Self {
        self.user = user;
        self.password = PASSWORD;
        self
    }

    pub(crate) const fn password(mut self, password: &'static str) -> Self {
        self.password = password;
        self
    }

    pub(crate) const fn schema(mut self, schema: &'static str) -> Self {
        self.schema = Some(schema);
        self
    }

    pub(crate) const fn without_schema(mut self) -> Self {
        self.schema = None;
        self
    }

    pub(crate) fn options(mut self, options: &[&str]) -> Self {
        let options = options.iter().map(|option| (*option).to_owned());
        self.options.extend(options);
        self
    }

    pub(crate) fn with<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn before<S: Into<String>>(
        mut self,
        statements: impl IntoIterator<Item = S>,
    ) -> Self {
        self.before.extend(statements.into_iter().map(Into::into));
        self
    }

    pub(crate) const fn fails(mut self) -> Self {
        self.fails = true;
        self
    }

    pub(crate) const fn connection(mut self, connection: Which) -> Self {
        self.connection = connection;
        self
    }
}

impl Which {
    pub(crate) fn is(self, lines: &[Line]) -> bool {
        let Self::With(command) = self else {
            return true;
        };
        lines.iter().any(|line| {
            line.direction == Direction::Client
                && line.sequence_id == 0
                && line.payload.first() == Some(&command)
        })
    }

    pub(crate) const fn may_be_many(self) -> bool {
        matches!(self, Self::Last)
    }
}
