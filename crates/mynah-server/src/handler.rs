use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mynah_classic::command::Command;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Account, Completion, Failure, Greeting, Handler, Kill, Login, Outcome, Prepared, Process,
    Reply, RowSource, Rows, Statement, StatementCommand, Statistics,
};

use crate::on_connect::answer_on_connect;
use crate::results::Finished;
use crate::running::Running;
use crate::{Backend, Connection, Results, command};

/// Asks a [`Backend`] what a session asks.
#[derive(Debug)]
pub(crate) struct Asking<B> {
    backend: Rc<B>,
    connection: Connection,
    /// The statements whose rows aren't all sent.
    running: HashMap<RowSource, Running>,
    statements: u64,
}

impl<B: Backend> Asking<B> {
    pub(crate) fn new(backend: B, connection: Connection) -> Self {
        Self {
            backend: Rc::new(backend),
            connection,
            running: HashMap::new(),
            statements: 0,
        }
    }

    async fn answer(&mut self, statement: &Statement) -> Reply {
        if B::ANSWERS_ON_CONNECT
            && let Some(reply) = answer_on_connect(statement, &self.connection, B::HAS_TRANSACTIONS)
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
        let reply = self.run(answer).await;
        // Only a command can be left to the session.
        reply.unwrap_or_else(|| Outcome::Error(command::unknown_command()).into())
    }

    /// The reply, whose rows may be far from all there.
    async fn run<T>(&mut self, answer: impl FnOnce(Results) -> T) -> Option<Reply>
    where
        T: Future<Output = Result<Finished, Failure>> + 'static,
    {
        self.statements += 1;
        let source = RowSource(self.statements);
        let mut running = Running::new(answer);
        let reply = running.reply(source).await?;
        if let Outcome::Rows(result) = &reply.outcome
            && result.rows.source().is_some()
        {
            self.running.insert(source, running);
        }
        Some(reply)
    }
}

impl<B: Backend> Handler for Asking<B> {
    const ASKED_ADMINISTRATION: bool = true;

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Ok(Greeting::default())
    }

    /// Sessions ask [`login_async`](Self::login_async).
    fn login(&mut self, _login: &Login) -> Result<Account, Failure> {
        Err(only_async())
    }

    async fn login_async(&mut self, login: &Login) -> Result<Account, Failure> {
        // In the X Protocol, which has no capability flags, a login that follows another may be a second try.
        let is_change = self.connection.login().is_some() && !login.capabilities.is_empty();
        self.connection.log_in(login);
        match is_change {
            true => self.backend.change_user(login).await,
            false => self.backend.authenticate(login).await,
        }
    }

    /// Sessions ask [`statement_async`](Self::statement_async).
    fn statement(&mut self, _statement: &Statement) -> Reply {
        Outcome::Error(only_async()).into()
    }

    async fn statement_async(&mut self, statement: &Statement) -> Box<Reply> {
        Box::new(self.answer(statement).await)
    }

    async fn command_async(&mut self, statement: &Statement) -> Option<Reply> {
        let text = String::from_utf8_lossy(&statement.text);
        // What is right is left to the session: its own answer switches.
        let done = match statement.command {
            StatementCommand::InitDb => self.backend.init_db(&text).await,
            StatementCommand::Admin if text.eq_ignore_ascii_case("ping") => {
                self.backend.ping().await
            }
            _ => Ok(()),
        };
        done.err().map(|failure| Outcome::Error(failure).into())
    }

    async fn administration_async(&mut self, command: &Command) -> Option<Reply> {
        match command::own(&*self.backend, command).await {
            Some(answer) => answer.unwrap_or_else(|failure| Some(Outcome::Error(failure).into())),
            None => {
                let (backend, command) = (Rc::clone(&self.backend), command.clone());
                self.run(|results| command::other(backend, command, results))
                    .await
            }
        }
    }

    fn kill(&mut self, kill: Kill) -> Result<(), Failure> {
        self.backend.kill(kill)
    }

    fn processes(&mut self, open: Vec<Process>) -> Result<Vec<Process>, Failure> {
        self.backend.processes(open)
    }

    fn statistics(&mut self, counted: Statistics) -> Statistics {
        self.backend.statistics(counted)
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

    fn close_statement(&mut self, statement_id: u32) {
        self.backend.close(statement_id);
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
