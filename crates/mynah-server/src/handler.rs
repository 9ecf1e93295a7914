use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Account, Completion, Connection, Failure, Greeting, Handler, Login, Outcome, Prepared, Reply,
    RowSource, Rows, Statement, StatementCommand,
};

use crate::on_connect::answer_on_connect;
use crate::running::Running;
use crate::{Backend, Results};

/// Asks a [`Backend`] what a session asks.
#[derive(Debug)]
pub(crate) struct Asking<B> {
    backend: Rc<B>,
    connection: Connection,
    username: String,
    /// The statements whose rows aren't all sent.
    running: HashMap<RowSource, Running>,
    statements: u64,
}

impl<B: Backend> Asking<B> {
    pub(crate) fn new(backend: B, connection: Connection) -> Self {
        Self {
            backend: Rc::new(backend),
            connection,
            username: String::new(),
            running: HashMap::new(),
            statements: 0,
        }
    }

    async fn answer(&mut self, statement: &Statement) -> Reply {
        if B::ANSWERS_ON_CONNECT
            && let Some(reply) = answer_on_connect(statement, &self.username, self.connection.id)
        {
            return reply;
        }
        let (backend, asked) = (Rc::clone(&self.backend), statement.clone());
        let answer = move |results: Results| async move {
            match asked.command {
                StatementCommand::Query => backend.query(&asked, results).await,
                StatementCommand::Execute if asked.x.is_none() => {
                    backend.execute(&asked, results).await
                }
                _ => backend.other(&asked, results).await,
            }
        };
        self.statements += 1;
        let source = RowSource(self.statements);
        let mut running = Running::new(answer);
        let reply = running.reply(source).await;
        if let Outcome::Rows(result) = &reply.outcome
            && result.rows.source().is_some()
        {
            self.running.insert(source, running);
        }
        reply
    }
}

impl<B: Backend> Handler for Asking<B> {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Ok(Greeting::default())
    }

    /// Sessions ask [`login_async`](Self::login_async).
    fn login(&mut self, _login: &Login) -> Result<Account, Failure> {
        Err(only_async())
    }

    async fn login_async(&mut self, login: &Login) -> Result<Account, Failure> {
        self.username = String::from_utf8_lossy(&login.username).into_owned();
        self.backend.authenticate(login).await
    }

    /// Sessions ask [`statement_async`](Self::statement_async).
    fn statement(&mut self, _statement: &Statement) -> Reply {
        Outcome::Error(only_async()).into()
    }

    async fn statement_async(&mut self, statement: &Statement) -> Box<Reply> {
        Box::new(self.answer(statement).await)
    }

    async fn command_async(&mut self, statement: &Statement) -> Option<Reply> {
        if statement.command != StatementCommand::InitDb {
            return None;
        }
        let schema = String::from_utf8_lossy(&statement.text);
        let switched = self.backend.init_db(&schema).await;
        // The session's own answer switches.
        switched.err().map(|failure| Outcome::Error(failure).into())
    }

    async fn prepare_async(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        self.backend.prepare(statement).await
    }

    async fn rows_async(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let Some(running) = self.running.get_mut(&source) else {
            return Ok(Rows::default());
        };
        let rows = running.rows(source).await;
        if rows.as_ref().is_ok_and(|rows| rows.source().is_none()) {
            self.running.remove(&source);
        }
        rows
    }

    fn drop_rows(&mut self, source: RowSource) {
        self.running.remove(&source);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let table = String::from_utf8_lossy(&statement.text);
        let columns = self.backend.field_list(&table)?;
        Ok(columns.into_iter().map(Into::into).collect())
    }

    fn file(&mut self, file: mynah_session::LocalFile) -> Reply {
        let affected_rows = self.backend.file(&file);
        affected_rows.map_or_else(
            |failure| Outcome::Error(failure).into(),
            |affected_rows| {
                Outcome::Ok(Completion {
                    affected_rows,
                    ..Completion::default()
                })
                .into()
            },
        )
    }

    fn replicate(&mut self, statement: &Statement) -> Reply {
        match self.backend.replicate(statement) {
            Ok(events) => Outcome::Binlog(events).into(),
            Err(failure) => Outcome::Error(failure).into(),
        }
    }

    fn reset(&mut self) {
        self.backend.reset();
    }
}

fn only_async() -> Failure {
    Failure::general(
        mynah_classic::error_code::ER_UNKNOWN_ERROR,
        "a backend answers only what may wait",
    )
}
