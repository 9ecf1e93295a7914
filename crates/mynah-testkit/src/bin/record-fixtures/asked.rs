use mynah_testkit::servers::{PASSWORD, SCHEMA};

use crate::client::Client;

/// One fixture: what a client is asked to do on one connection.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The fixture's name, without `.hex`.
    pub(crate) name: &'static str,
    /// For the comment.
    pub(crate) what: &'static str,
    pub(crate) client: Client,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) schema: Option<&'static str>,
    pub(crate) options: Vec<&'static str>,
    pub(crate) arguments: Vec<String>,
    /// Statements that are run before, on another connection that isn't recorded.
    pub(crate) before: Vec<&'static str>,
    /// The client must fail, not succeed.
    pub(crate) fails: bool,
}

impl Asked {
    pub(crate) const fn new(name: &'static str, what: &'static str, client: Client) -> Self {
        Self {
            name,
            what,
            client,
            user: "nobody",
            password: "",
            schema: Some(SCHEMA),
            options: Vec::new(),
            arguments: Vec::new(),
            before: Vec::new(),
            fails: false,
        }
    }

    /// Another user than the one without a password.
    pub(crate) const fn user(mut self, user: &'static str) -> Self {
        self.user = user;
        self.password = PASSWORD;
        self
    }

    pub(crate) const fn password(mut self, password: &'static str) -> Self {
        self.password = password;
        self
    }

    pub(crate) const fn without_schema(mut self) -> Self {
        self.schema = None;
        self
    }

    pub(crate) fn options(mut self, options: &[&'static str]) -> Self {
        self.options.extend(options);
        self
    }

    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments
            .extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    pub(crate) fn before(mut self, statements: &[&'static str]) -> Self {
        self.before.extend(statements);
        self
    }

    pub(crate) const fn fails(mut self) -> Self {
        self.fails = true;
        self
    }
}
