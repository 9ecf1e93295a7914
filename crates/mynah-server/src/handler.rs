use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mynah_classic::command::Command;
use mynah_classic::error_code::ER_USER_LIMIT_REACHED;
use mynah_classic::response::SqlState;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Account, BulkExecution, Completion, Failure, Greeting, Handler, Kill, LocalFile, Login,
    Outcome, Prepared, Process, Reply, RowSource, Rows, Statement, StatementCommand, Statistics,
};

use crate::assumed::Assumed;
use crate::on_connect::answer_on_connect;
use crate::results::Finished;
use crate::running::Running;
use crate::{Backend, Connection, KillRequest, Results, command};

/// Asks a [`Backend`] what a session asks.
#[derive(Debug)]
pub(crate) struct Asking<B> {
    backend: Rc<B>,
    connection: Connection,
    assumed: Assumed,
    /// The statements whose rows aren't all sent.
    running: HashMap<RowSource, Running>,
    /// How many of them may be cursors, which are there when the next statement comes.
    open_cursors: usize,
    statements: u64,
}

impl<B: Backend> Asking<B> {
    pub(crate) fn new(backend: B, connection: Connection, open_cursors: usize) -> Self {
        Self {
            backend: Rc::new(backend),
            connection,
            assumed: Assumed::default(),
            running: HashMap::new(),
            open_cursors,
            statements: 0,
        }
    }

    async fn answer(&mut self, statement: &Statement) -> Box<Reply> {
        if B::ANSWERS_ON_CONNECT
            && let Some(reply) = answer_on_connect(
                statement,
                &self.connection,
                B::HAS_TRANSACTIONS,
                &mut self.assumed,
            )
        {
            return Box::new(reply);
        }
        let running = Running::new(|results| {
            Box::pin(answer(Rc::clone(&self.backend), statement.clone(), results))
        });
        let cursors = self.running.len();
        let reply = self.run(running).await;
        if statement.opens_cursor
            && cursors >= self.open_cursors
            && let Some(source) = reply.as_deref().and_then(unfinished)
        {
            self.running.remove(&source);
            return Box::new(Outcome::Error(self.too_many_cursors()).into());
        }
        // Only a command can be left to the session.
        reply.unwrap_or_else(|| Box::new(Outcome::Error(command::unknown_command()).into()))
    }

    /// The reply, whose rows may be far from all there.
    async fn run(&mut self, mut running: Running) -> Option<Box<Reply>> {
        self.statements += 1;
        let source = RowSource(self.statements);
        let reply = running.reply(source).await?;
        if unfinished(&reply).is_some() {
            self.running.insert(source, running);
        }
        Some(reply)
    }

    fn too_many_cursors(&self) -> Failure {
        let (user, limit) = (self.connection.user(), self.open_cursors);
        Failure {
            code: ER_USER_LIMIT_REACHED,
            sql_state: SqlState(*b"42000"),
            message: format!(
                "User '{user}' has exceeded the 'open_cursors' resource (current value: {limit})"
            )
            .into(),
        }
    }
}

impl<B: Backend> Handler for Asking<B> {
    const ASKED_ADMINISTRATION: bool = true;
    const ASKED_BULK: bool = true;

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
        self.assumed = Assumed::default();
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
        self.answer(statement).await
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
                let other = |results| Box::pin(command::other(backend, command, results)) as _;
                let reply = self.run(Running::new(other)).await;
                reply.map(|reply| *reply)
            }
        }
    }

    async fn bulk_async(&mut self, bulk: &BulkExecution) -> Option<Reply> {
        let (backend, bulk) = (Rc::clone(&self.backend), bulk.clone());
        let answer = |results| Box::pin(command::bulk(backend, bulk, results)) as _;
        let reply = self.run(Running::new(answer)).await;
        reply.map(|reply| *reply)
    }

    async fn kill_async(&mut self, kill: Kill, target: Option<&Process>) -> Result<(), Failure> {
        let request = KillRequest {
            kill,
            target: target.cloned(),
            user: self.connection.user(),
        };
        self.backend.kill(&request).await
    }

    async fn processes_async(&mut self, open: Vec<Process>) -> Result<Vec<Process>, Failure> {
        self.backend.processes(open).await
    }

    async fn statistics_async(&mut self, counted: Statistics) -> Statistics {
        self.backend.statistics(counted).await
    }

    async fn prepare_async(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        self.backend.prepare(statement).await
    }

    async fn rows_async(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let Some(running) = self.running.get_mut(&source) else {
            return Ok(Rows::default());
        };
        let rows = running.rows(source).await;
        let has_ended = rows.as_ref().map_or(true, |rows| rows.source().is_none());
        if has_ended {
            self.running.remove(&source);
        }
        rows
    }

    fn drop_rows(&mut self, source: RowSource) {
        self.running.remove(&source);
    }

    async fn fields_async(
        &mut self,
        statement: &Statement,
    ) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let table = String::from_utf8_lossy(&statement.text);
        let columns = self.backend.field_list(&table).await?;
        Ok(columns.into_iter().map(Into::into).collect())
    }

    async fn file_async(&mut self, file: &LocalFile) -> Reply {
        let affected_rows = self.backend.file(file).await;
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

    async fn replicate_async(&mut self, statement: &Statement) -> Reply {
        match self.backend.replicate(statement).await {
            Ok(events) => Outcome::Binlog(events).into(),
            Err(failure) => Outcome::Error(failure).into(),
        }
    }

    async fn close_statement_async(&mut self, statement_id: u32) {
        self.backend.close(statement_id).await;
    }

    async fn reset_async(&mut self) {
        self.assumed = Assumed::default();
        self.backend.reset().await;
    }
}

/// Has the backend answer a statement.
async fn answer<B: Backend>(
    backend: Rc<B>,
    asked: Statement,
    results: Results,
) -> Result<Finished, Failure> {
    match asked.command {
        StatementCommand::Query => backend.query(&asked, results).await,
        StatementCommand::Execute if asked.x.is_none() => backend.execute(&asked, results).await,
        _ => backend.other(&asked, results).await,
    }
}

/// The source of the rows that follow those of the reply, if any follow.
fn unfinished(reply: &Reply) -> Option<RowSource> {
    match &reply.outcome {
        Outcome::Rows(result) => result.rows.source(),
        _ => None,
    }
}

fn only_async() -> Failure {
    Failure::general(
        mynah_classic::error_code::ER_UNKNOWN_ERROR,
        "a backend answers only what may wait",
    )
}
