//! Answers the questions of sessions.

use std::future::poll_fn;
use std::io::{Error, Result};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use mynah_auth::LongNonce;
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::{
    Answer, Failure, Greeting, Handler, Kill, Outcome, Process, Question, Reply, Statement,
    Statistics, Tls,
};

use super::Drive;
use super::io::late;
use super::session::Session;
use crate::tls::cipher_name;
use crate::{ConnectionInfo, ConnectionTls, Worker};

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// The answer to a question, and how long to wait before it is sent.
    pub(super) async fn answer(&mut self, question: Question) -> Result<(Duration, Answer)> {
        let paused = self.pause_login_timer();
        let answer = match question {
            Question::Greeting => Answer::Greeting(self.greeting().map(Box::new)),
            Question::Account(login) => {
                Answer::Account(self.handler.login_async(&login).await.map(Box::new))
            }
            Question::Nonce => Answer::Nonce(LongNonce::random().map_err(Error::other)?),
            Question::RsaKey => Answer::RsaKey(Box::pin(self.common.rsa_key.get()).await),
            Question::Statement(statement) => Answer::Reply(self.reply(&statement).await),
            Question::Command(statement) => {
                self.connection.count_statement();
                Answer::Command(self.handler.command_async(&statement).await.map(Box::new))
            }
            Question::Prepared(statement) => {
                self.connection.count_statement();
                Answer::Prepared(self.handler.prepare_async(&statement).await)
            }
            Question::Rows(source) => {
                // An endless row source must not block other sessions.
                tokio::task::yield_now().await;
                Answer::Rows(self.handler.rows_async(source).await)
            }
            Question::File(file) => Answer::Reply(Box::new(self.handler.file(file))),
            Question::Fields(statement) => {
                Answer::Fields(self.handler.fields_async(&statement).await)
            }
            Question::Replication(statement) => {
                Answer::Reply(Box::new(self.handler.replicate(&statement)))
            }
            Question::Administration(command) => {
                let reply = self.handler.administration_async(&command).await;
                Answer::Command(reply.map(Box::new))
            }
            Question::Statistics => {
                let counted = self.statistics();
                Answer::Statistics(self.handler.statistics(counted))
            }
            Question::Processes => {
                let open = self.processes();
                let processes = self.handler.processes(open);
                processes.map_or_else(Answer::Refused, Answer::Processes)
            }
            Question::Kill(kill) => match self.handler.kill(kill) {
                Ok(()) => Answer::Killed(self.kill(kill)),
                Err(failure) => Answer::Refused(failure),
            },
        };
        self.resume_login_timer(paused);
        let latency = match answer.fault() {
            Some(fault) => Box::pin(self.begin_fault(fault)).await?,
            None => Duration::ZERO,
        };
        Ok((exec_time(&answer).saturating_add(latency), answer))
    }

    /// The answer to use when another client cancelled the one that was waited for.
    pub(super) fn interrupted(&mut self, answer: Answer) -> Answer {
        (self.fault, self.end) = (None, None);
        self.handler.on_answer(Some(&Failure::interrupted()));
        match answer {
            Answer::Reply(reply) => Answer::Reply(Box::new(self.interrupted_reply(&reply))),
            Answer::Command(Some(reply)) => {
                Answer::Command(Some(Box::new(self.interrupted_reply(&reply))))
            }
            Answer::Prepared(_) => Answer::Prepared(Err(Failure::interrupted())),
            answer => answer,
        }
    }

    fn statistics(&self) -> Statistics {
        let connections = self.connection.connections();
        Statistics {
            uptime: connections.uptime().as_secs(),
            threads: connections.count() as u64,
            questions: connections.statements(),
            ..Statistics::default()
        }
    }

    /// The handler's greeting, or the error for one connection too many.
    fn greeting(&mut self) -> std::result::Result<Greeting, Failure> {
        let limit = self.common.options.limits.connections;
        if self.connection.refuse_beyond(limit) {
            return Err(Failure {
                code: error_code::ER_CON_COUNT_ERROR,
                sql_state: SqlState(*b"08004"),
                message: "Too many connections".into(),
            });
        }
        self.handler.greeting()
    }

    fn processes(&self) -> Vec<Process> {
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

    /// Ends another connection, or cancels the answer it waits for. Returns whether there is such a
    /// connection.
    fn kill(&self, kill: Kill) -> bool {
        let connections = self.connection.connections();
        match kill.only_statement {
            true => connections.interrupt(kill.connection_id),
            false => connections.close(kill.connection_id),
        }
    }

    fn interrupted_reply(&mut self, reply: &Reply) -> Reply {
        for outcome in std::iter::once(&reply.outcome).chain(&reply.more) {
            if let Outcome::Rows(result) = outcome
                && let Some(source) = result.rows.source()
            {
                self.handler.drop_rows(source);
            }
        }
        Outcome::Error(Failure::interrupted()).into()
    }

    async fn reply(&mut self, statement: &Statement) -> Box<Reply> {
        self.connection.count_statement();
        if !log::log_enabled!(log::Level::Info) {
            return self.handler.statement_async(statement).await;
        }
        let started = Instant::now();
        let reply = self.handler.statement_async(statement).await;
        self.log_statement(statement, &reply, started.elapsed());
        reply
    }

    /// Changes the connection to TLS. Bytes already received after the request for TLS belong to
    /// the client's handshake. They must never be read as packets: an attacker could have inserted
    /// them unencrypted.
    pub(super) async fn start_tls(&mut self) -> Result<Tls> {
        let Some(tls) = &self.common.options.tls else {
            return Err(Error::other("TLS was started without being offered"));
        };
        self.flush().await?;
        self.connection.set_closing_error(None);
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
            // OpenSSL has sent the client an alert.
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

/// How long the handler wants the client to wait.
fn exec_time(answer: &Answer) -> Duration {
    match answer {
        Answer::Greeting(Ok(greeting)) => greeting.exec_time,
        Answer::Reply(reply) | Answer::Command(Some(reply)) => reply.exec_time,
        Answer::Prepared(Ok(prepared)) => prepared.exec_time,
        _ => Duration::ZERO,
    }
}
