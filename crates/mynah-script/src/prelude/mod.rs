//! What clients ask by themselves when they connect, answered where a trace doesn't: `SET …`,
//! `SELECT @@…`, `SHOW VARIABLES`, `COMMIT`, `USE` and the like. The answers are in `answers.json`.

mod data;
mod select;
mod set;
mod show;
mod tokens;

use std::collections::BTreeMap;

use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::response::{SessionStateChange, SessionStateChanges};
use mynah_session::{Completion, Greeting, Login, Outcome, Prepared, Reply, Statement};

use data::{Value, data};
use tokens::{Slice, Tokens};

/// What a session says where its trace says nothing.
#[derive(Debug)]
pub(crate) struct Prelude {
    facts: Facts,
}

/// What the answers are made of that differs from session to session.
#[derive(Debug, Default)]
struct Facts {
    version: Bytes,
    connection_id: u32,
    login: Login,
    schema: Option<String>,
    /// Variables that were set.
    set: BTreeMap<String, Value>,
    in_transaction: bool,
}

impl Prelude {
    /// Of a session whose server says it is of this version, and gave this connection this number.
    pub(crate) fn new(version: &str, connection_id: u32) -> Self {
        Self {
            facts: Facts {
                version: Bytes::copy_from_slice(version.as_bytes()),
                connection_id,
                ..Facts::default()
            },
        }
    }

    /// The client is greeted with this.
    pub(crate) fn greeted(&mut self, greeting: &Greeting) {
        if let Some(version) = &greeting.server_version {
            self.facts.version = version.clone();
        }
        if let Some(id) = greeting.connection_id {
            self.facts.connection_id = id;
        }
    }

    /// Somebody logs in.
    pub(crate) fn logged_in(&mut self, login: &Login) {
        self.facts.login = login.clone();
        self.reset();
    }

    /// Nothing that was set before holds any more.
    pub(crate) fn reset(&mut self) {
        self.facts.set.clear();
        self.facts.in_transaction = false;
    }

    /// The answer to a statement that is run, if there is one.
    pub(crate) fn statement(&mut self, statement: &Statement) -> Option<Reply> {
        let tokens = Tokens::of(&statement.text)?;
        let facts = &mut self.facts;
        facts.see(statement);
        if let Some(outcome) = facts.look(tokens.all()) {
            return Some(outcome.into());
        }
        let changes = facts.change(tokens.all())?;
        let completion = Completion {
            status_flags: facts.status_flags(),
            session_state_changes: SessionStateChanges::new(&changes),
            ..Completion::default()
        };
        Some(Outcome::Ok(completion).into())
    }

    /// What is known of a statement that is prepared, if it will be answered.
    pub(crate) fn prepare(&mut self, statement: &Statement) -> Option<Prepared> {
        let tokens = Tokens::of(&statement.text)?;
        self.facts.see(statement);
        match self.facts.look(tokens.all()) {
            Some(Outcome::Rows(result)) => Some(Prepared {
                columns: Some(result.columns),
                ..Prepared::default()
            }),
            Some(_) => Some(Prepared::default()),
            None => is_change(tokens.all()).then(Prepared::default),
        }
    }
}

impl Facts {
    fn see(&mut self, statement: &Statement) {
        let schema = statement.schema.as_deref();
        self.schema = schema.map(|schema| String::from_utf8_lossy(schema).into_owned());
    }

    /// The answer to a statement that changes nothing.
    fn look(&self, statement: Slice<'_>) -> Option<Outcome> {
        if let Some(reply) = data().statements.get(&statement.canonical()) {
            return Some(self.at_the_end(reply.outcome.clone()));
        }
        let outcome = if let Some(list) = statement.after("select") {
            select::select(list, self)?
        } else {
            Outcome::Rows(show::show(statement.after("show")?, self)?)
        };
        Some(self.at_the_end(outcome))
    }

    /// Rows with the state of the session behind them.
    fn at_the_end(&self, mut outcome: Outcome) -> Outcome {
        if let Outcome::Rows(result) = &mut outcome {
            result.end.status_flags |= self.status_flags();
        }
        outcome
    }

    /// Takes over what a statement changes, if it is one that does; gives what the client is told.
    fn change(&mut self, statement: Slice<'_>) -> Option<Vec<SessionStateChange>> {
        if !is_change(statement) {
            return None;
        }
        if let Some(assignments) = statement.after("set") {
            return Some(set::set(assignments, self));
        }
        if let Some(schema) = statement.after("use") {
            let schema = schema.plain(0)?;
            return Some(vec![SessionStateChange::Schema(schema.into())]);
        }
        if statement.is(0, "begin") || statement.is(0, "start") {
            self.in_transaction = true;
        } else if !statement.is(1, "to") && !statement.is(2, "to") && !statement.is(0, "savepoint")
        {
            self.in_transaction = false;
        }
        Some(Vec::new())
    }

    fn set(&mut self, name: String, value: Value) {
        self.set.insert(name, value);
    }

    fn variable(&self, name: &str) -> Option<Value> {
        match name {
            "version" => Some(Value::Text(self.version())),
            "pseudo_thread_id" => Some(Value::Integer(self.connection_id.into())),
            name => self
                .set
                .get(name)
                .or_else(|| data().variables.get(name))
                .cloned(),
        }
    }

    /// Every variable, by its name.
    fn variables(&self) -> BTreeMap<String, Value> {
        let mut all = data().variables.clone();
        all.extend(self.set.clone());
        all.insert("version".to_owned(), Value::Text(self.version()));
        all
    }

    /// What SHOW STATUS knows.
    fn status(&self) -> BTreeMap<String, Value> {
        let tls = self.login.tls.as_ref();
        let text = |text: Option<&String>| Value::Text(text.cloned().unwrap_or_default());
        BTreeMap::from([
            ("Ssl_cipher".to_owned(), text(tls.map(|tls| &tls.cipher))),
            (
                "Mysqlx_ssl_cipher".to_owned(),
                text(tls.map(|tls| &tls.cipher)),
            ),
            (
                "Mysqlx_ssl_version".to_owned(),
                text(tls.map(|tls| &tls.version)),
            ),
            ("Ssl_version".to_owned(), text(tls.map(|tls| &tls.version))),
        ])
    }

    fn version(&self) -> String {
        String::from_utf8_lossy(&self.version).into_owned()
    }

    fn user(&self) -> String {
        format!(
            "{}@localhost",
            String::from_utf8_lossy(&self.login.username)
        )
    }

    fn status_flags(&self) -> StatusFlags {
        let mut flags = StatusFlags::empty();
        let autocommit = self.variable("autocommit") != Some(Value::Flag(false));
        flags.set(StatusFlags::AUTOCOMMIT, autocommit);
        flags.set(StatusFlags::IN_TRANS, self.in_transaction);
        flags
    }
}

/// Whether a statement is agreed to, whatever it says.
fn is_change(statement: Slice<'_>) -> bool {
    match statement.len() {
        0 => false,
        1 => ["begin", "commit", "rollback"]
            .iter()
            .any(|word| statement.is(0, word)),
        len => {
            let first = |word| statement.is(0, word);
            let second = |word| statement.is(1, word);
            (first("set") && !second("password"))
                || (first("use") && len == 2)
                || (first("begin") && second("work"))
                || (first("start") && second("transaction"))
                || first("savepoint")
                || (first("release") && second("savepoint"))
                || ((first("commit") || first("rollback"))
                    && ["work", "and", "no", "release", "to"]
                        .iter()
                        .any(|word| second(word)))
        }
    }
}

#[cfg(test)]
mod tests;
