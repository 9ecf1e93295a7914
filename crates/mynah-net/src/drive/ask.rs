//! What the session asks.

use std::future::poll_fn;
use std::io::{Error, Result};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use mynah_auth::LongNonce;
use mynah_classic::response::SqlState;
use mynah_session::classic::server::{Action, Event, Process, Server, Statistics};
use mynah_session::{Failure, Greeting, Handler, Kill, Outcome, Reply, Statement, Tls};

use super::Drive;
use super::io::{Wait, late};
use super::session::Session;
use crate::tls::cipher_name;
use crate::{ConnectionInfo, ConnectionTls, Worker};

impl<W: Worker> Drive<'_, W, Server> {
    /// Answers the session, after as long as the handler says; nothing if the client left
    /// meanwhile.
    pub(super) async fn answer(&mut self, question: Action) -> Result<Option<Event>> {
        let (exec_time, event) = match question {
            Action::AskGreeting => {
                let greeting = self.greeting();
                let exec_time = greeting.as_ref().map_or(Duration::ZERO, |g| g.exec_time);
                (exec_time, Event::Greeting(greeting))
            }
            Action::AskAccount(login) => {
                (Duration::ZERO, Event::Account(self.handler.login(&login)))
            }
            Action::AskReply(statement) => {
                let reply = self.reply(&statement);
                (reply.exec_time, Event::Reply(reply))
            }
            Action::AskNonce => {
                let nonce = LongNonce::random().map_err(Error::other)?;
                (Duration::ZERO, Event::Nonce(nonce))
            }
            Action::AskRsaKey => {
                let key = Box::pin(self.common.rsa_key.get()).await;
                (Duration::ZERO, Event::RsaKey(key))
            }
            Action::StartTls => {
                let tls = Box::pin(self.start_tls()).await?;
                (Duration::ZERO, Event::TlsStarted(tls))
            }
            Action::AskPrepared(statement) => {
                self.connection.count_statement();
                let prepared = self.handler.prepare(&statement);
                let exec_time = prepared.as_ref().map_or(Duration::ZERO, |p| p.exec_time);
                (exec_time, Event::Prepared(prepared))
            }
            Action::AskFile(file) => {
                let reply = self.handler.file(file);
                (reply.exec_time, Event::Reply(reply))
            }
            Action::AskReplication(statement) => {
                let reply = self.handler.replicate(&statement);
                (reply.exec_time, Event::Reply(reply))
            }
            Action::AskRows(source) => {
                // A source without end must not keep other sessions waiting, nor a full output grow.
                tokio::task::yield_now().await;
                (Duration::ZERO, Event::Rows(self.handler.rows(source)))
            }
            Action::AskFields(statement) => (
                Duration::ZERO,
                Event::Fields(self.handler.fields(&statement)),
            ),
            Action::AskStatistics => (Duration::ZERO, Event::Statistics(self.statistics())),
            Action::AskProcesses => (Duration::ZERO, Event::Processes(self.processes())),
            Action::AskCommand(statement) => {
                let reply = self.handler.command(&statement);
                let exec_time = reply
                    .as_ref()
                    .map_or(Duration::ZERO, |reply| reply.exec_time);
                (exec_time, Event::Command(reply))
            }
            Action::Kill(kill) => (Duration::ZERO, Event::Killed(self.kill(kill))),
            Action::DropRows(_)
            | Action::Reset
            | Action::Compress(_)
            | Action::Flush
            | Action::Close => {
                return Ok(None);
            }
        };
        if !exec_time.is_zero() {
            self.flush().await?;
            match self.outlasts(exec_time).await? {
                Wait::Done | Wait::Idle => {}
                Wait::Left => return Ok(None),
                Wait::ShutDown => return Ok(Some(Event::ShutDown)),
                Wait::Interrupted => return Ok(Some(self.interrupted_event(event))),
            }
        }
        Ok(Some(event))
    }

    /// What comes of a question whose answer was waited for when another client ended it.
    fn interrupted_event(&mut self, event: Event) -> Event {
        match event {
            Event::Reply(reply) => Event::Reply(self.interrupted(&reply)),
            Event::Command(Some(reply)) => Event::Command(Some(self.interrupted(&reply))),
            Event::Prepared(_) => Event::Prepared(Err(Failure::interrupted())),
            event => event,
        }
    }

    fn statistics(&self) -> Statistics {
        let connections = self.connection.connections();
        let open = connections.list();
        Statistics {
            uptime: connections.uptime().as_secs(),
            threads: open.len() as u64,
            questions: open.iter().map(|connection| connection.statements).sum(),
        }
    }
}

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// What the client is greeted with; one too many is told so.
    pub(super) fn greeting(&mut self) -> std::result::Result<Greeting, Failure> {
        let limit = self.common.options.limits.connections;
        if self.connection.connections().count() > limit {
            return Err(Failure {
                code: 1040,
                sql_state: SqlState(*b"08004"),
                message: "Too many connections".into(),
            });
        }
        self.handler.greeting()
    }

    pub(super) fn processes(&self) -> Vec<Process> {
        let open = self.connection.connections().list();
        let process = |info: ConnectionInfo| Process {
            id: info.id,
            user: info.username,
            host: info.peer,
            schema: info.schema,
            time: info.since.elapsed().map_or(0, |time| time.as_secs()),
        };
        open.into_iter().map(process).collect()
    }

    /// Ends another connection, or what it waits for; says whether there is one.
    pub(super) fn kill(&self, kill: Kill) -> bool {
        let connections = self.connection.connections();
        match kill.only_statement {
            true => connections.interrupt(kill.connection_id),
            false => connections.close(kill.connection_id),
        }
    }

    /// What is answered in place of a reply that was waited for.
    pub(super) fn interrupted(&mut self, reply: &Reply) -> Reply {
        for outcome in std::iter::once(&reply.outcome).chain(&reply.more) {
            if let Outcome::Rows(result) = outcome
                && let Some(source) = result.rows.source()
            {
                self.handler.drop_rows(source);
            }
        }
        Outcome::Error(Failure::interrupted()).into()
    }

    pub(super) fn reply(&mut self, statement: &Statement) -> Reply {
        self.connection.count_statement();
        if !log::log_enabled!(log::Level::Info) {
            return self.handler.statement(statement);
        }
        let started = Instant::now();
        let reply = self.handler.statement(statement);
        self.log_statement(statement, started.elapsed());
        reply
    }

    /// Goes on under TLS. What was read behind the request for it is the client's handshake, and
    /// never a packet: it wasn't protected.
    pub(super) async fn start_tls(&mut self) -> Result<Tls> {
        let Some(tls) = &self.common.options.tls else {
            return Err(Error::other("TLS was started without being offered"));
        };
        self.flush().await?;
        self.connection.set_farewell(None);
        let read_already = self.input.split().freeze();
        let mut stream = self.stream.take();
        let started = {
            let mut starting = pin!(stream.accept_tls(tls, read_already));
            poll_fn(|cx| match starting.as_mut().poll(cx) {
                Poll::Pending if self.is_late(cx) => Poll::Ready(Err(late())),
                started => started,
            })
            .await
        };
        self.stream = stream;
        if let Err(error) = started {
            self.log_tls_failure(&error);
            // OpenSSL has told the client why.
            self.close().await;
            return Err(error);
        }
        let Some(ssl) = self.stream.ssl() else {
            return Err(Error::other("TLS was started without success"));
        };
        self.connection.set_tls(ConnectionTls {
            version: ssl.version_str(),
            cipher: cipher_name(ssl),
        });
        Ok(tls.established(ssl))
    }
}
