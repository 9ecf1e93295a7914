//! Answers the questions of sessions.

use std::future::poll_fn;
use std::io::{Error, Result};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use mynah_auth::LongNonce;
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_session::{
    Answer, Failure, Greeting, Handler, Kill, Outcome, Process, Question, Reply, Statistics, Tls,
};

use super::Drive;
use super::io::{Wait, late};
use super::session::Session;
use crate::connections::WakeReason;
use crate::tls::cipher_name;
use crate::{ConnectionInfo, ConnectionTls, Worker};

impl<W: Worker, S: Session> Drive<'_, W, S> {
    /// What comes of a question. A handler's answer that takes time is given up if the client disconnects, the server
    /// shuts down or, for a statement or command, another client ends that; the handler's future is then dropped.
    pub(super) async fn answer(
        &mut self,
        handler: &mut W::Handler,
        question: &Question,
    ) -> Result<Asked> {
        let paused = self.pause_login_timer();
        let made = self.make_answer(handler, question).await?;
        self.resume_login_timer(paused);
        let answer = match made {
            Ok(answer) => answer,
            Err(Wait::ShutDown) => return Ok(Asked::ShutDown),
            Err(Wait::Interrupted) => {
                if let Question::Rows(source) = question {
                    handler.drop_rows(*source);
                }
                handler.on_answer(Some(&Failure::interrupted()));
                return Ok(Asked::Interrupted(interrupted_answer(question)));
            }
            Err(_) => return Ok(Asked::Left),
        };
        let latency = match answer.fault() {
            Some(fault) => Box::pin(self.begin_fault(handler, fault)).await?,
            None => Duration::ZERO,
        };
        let wait = exec_time(&answer).saturating_add(latency);
        Ok(Asked::Answered(wait, answer))
    }

    /// The answer, or why it wasn't waited for.
    async fn make_answer(
        &mut self,
        handler: &mut W::Handler,
        question: &Question,
    ) -> Result<Made<Answer>> {
        Ok(match question {
            Question::Greeting => Ok(Answer::Greeting(self.greeting(handler).map(Box::new))),
            Question::Account(login) => {
                let login = pin!(handler.login_async(login));
                let account = self.attend(login, Interruptible::No).await?;
                account.map(|account| Answer::Account(account.map(Box::new)))
            }
            Question::Nonce => Ok(Answer::Nonce(LongNonce::random().map_err(Error::other)?)),
            Question::RsaKey => Ok(Answer::RsaKey(Box::pin(self.common.rsa_key.get()).await)),
            Question::Statement(statement) => {
                self.reply(handler, statement).await?.map(Answer::Reply)
            }
            Question::Command(statement) => {
                self.connection.count_statement();
                let command = pin!(handler.command_async(statement));
                let reply = self.attend(command, Interruptible::Yes).await?;
                reply.map(|reply| Answer::Command(reply.map(Box::new)))
            }
            Question::Prepared(statement) => {
                self.connection.count_statement();
                let prepare = pin!(handler.prepare_async(statement));
                let prepared = self.attend(prepare, Interruptible::Yes).await?;
                prepared.map(Answer::Prepared)
            }
            Question::Rows(source) => {
                // An endless row source must not block other sessions.
                tokio::task::yield_now().await;
                // Nor may rows that are always there make it endless for KILL QUERY and the shutdown.
                if let Some(reason) = self.end_of_wait().await {
                    return Ok(Err(reason));
                }
                let rows = pin!(handler.rows_async(*source));
                let rows = self.attend(rows, Interruptible::Yes).await?;
                rows.map(Answer::Rows)
            }
            Question::File(file) => {
                let file = pin!(handler.file_async(file));
                let reply = self.attend(file, Interruptible::Yes).await?;
                reply.map(|reply| Answer::Reply(Box::new(reply)))
            }
            Question::Fields(statement) => {
                let fields = pin!(handler.fields_async(statement));
                let fields = self.attend(fields, Interruptible::Yes).await?;
                fields.map(Answer::Fields)
            }
            Question::Replication(statement) => {
                let replicate = pin!(handler.replicate_async(statement));
                let reply = self.attend(replicate, Interruptible::Yes).await?;
                reply.map(|reply| Answer::Reply(Box::new(reply)))
            }
            Question::Administration(command) => {
                let administration = pin!(handler.administration_async(command));
                let reply = self.attend(administration, Interruptible::Yes).await?;
                reply.map(|reply| Answer::Command(reply.map(Box::new)))
            }
            Question::Bulk(bulk) => self.bulk_reply(handler, bulk).await?.map(Answer::Command),
            Question::Statistics => {
                let statistics = pin!(handler.statistics_async(self.statistics()));
                let statistics = self.attend(statistics, Interruptible::No).await?;
                statistics.map(Answer::Statistics)
            }
            Question::Processes => {
                let processes = pin!(handler.processes_async(self.processes()));
                let processes = self.attend(processes, Interruptible::Yes).await?;
                processes.map(|list| list.map_or_else(Answer::Refused, Answer::Processes))
            }
            Question::Kill(kill) => {
                let target = self.connection.connections().info(kill.connection_id);
                let target = target.map(process);
                let allowed = pin!(handler.kill_async(*kill, target.as_ref()));
                let allowed = self.attend(allowed, Interruptible::Yes).await?;
                allowed.map(|allowed| match allowed {
                    Ok(()) => Answer::Killed(self.kill(*kill)),
                    Err(failure) => Answer::Refused(failure),
                })
            }
        })
    }

    /// Waits for something of the handler, as [`wait_for`](Self::wait_for) does. If it takes time, what was answered
    /// before is sent first.
    pub(super) async fn attend<T>(
        &mut self,
        mut making: Pin<&mut impl Future<Output = T>>,
        interruptible: Interruptible,
    ) -> Result<Made<T>> {
        if let Poll::Ready(made) = poll_fn(|cx| Poll::Ready(making.as_mut().poll(cx))).await {
            return Ok(Ok(made));
        }
        // While a fault is played, the output is a part of its answer.
        if self.fault.is_none() && !self.session.output().is_empty() {
            self.flush().await?;
            self.note_closing_error();
        }
        self.wait_for(making, interruptible).await
    }

    /// Waits for something of the handler, unless the client disconnects meanwhile, the server shuts down, or another
    /// client ends the statement or command. What the handler has at once is never given up.
    pub(super) async fn wait_for<T>(
        &mut self,
        mut making: Pin<&mut impl Future<Output = T>>,
        interruptible: Interruptible,
    ) -> Result<Made<T>> {
        let mut has_waited = false;
        poll_fn(|cx| {
            if let Poll::Ready(made) = making.as_mut().poll(cx) {
                if has_waited {
                    self.take_buffers();
                }
                return Poll::Ready(Ok(Ok(made)));
            }
            has_waited = true;
            match self.poll_end_of_wait(cx)? {
                Poll::Ready(Wait::Interrupted) if interruptible == Interruptible::No => {
                    Poll::Pending
                }
                // A delay is ended by this, not the making of an answer.
                Poll::Ready(Wait::Released) | Poll::Pending => Poll::Pending,
                Poll::Ready(reason) => Poll::Ready(Ok(Err(reason))),
            }
        })
        .await
    }

    /// Why no more of the client's answer is needed, if there is a reason: another client has ended the statement, or
    /// the server shuts down. Doesn't wait, and leaves the socket alone.
    async fn end_of_wait(&self) -> Option<Wait> {
        poll_fn(|cx| {
            Poll::Ready(match self.connection.poll_wake_reason(cx) {
                Poll::Ready(WakeReason::Ending) => Some(Wait::ShutDown),
                Poll::Ready(WakeReason::Interrupted) => Some(Wait::Interrupted),
                Poll::Ready(WakeReason::Released | WakeReason::Idle) | Poll::Pending => None,
            })
        })
        .await
    }

    /// The answer to use when another client cancelled the one that was waited for.
    pub(super) fn interrupted(&mut self, handler: &mut W::Handler, answer: Answer) -> Answer {
        (self.fault, self.end) = (None, None);
        handler.on_answer(Some(&Failure::interrupted()));
        match answer {
            Answer::Reply(reply) => Answer::Reply(Box::new(interrupted_reply(handler, &reply))),
            Answer::Command(Some(reply)) => {
                Answer::Command(Some(Box::new(interrupted_reply(handler, &reply))))
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
    fn greeting(&mut self, handler: &mut W::Handler) -> std::result::Result<Greeting, Failure> {
        let limit = self.common.options.limits.connections;
        if self.connection.refuse_beyond(limit) {
            return Err(Failure {
                code: error_code::ER_CON_COUNT_ERROR,
                sql_state: SqlState(*b"08004"),
                message: "Too many connections".into(),
            });
        }
        handler.greeting()
    }

    fn processes(&self) -> Vec<Process> {
        let open = self.connection.connections().list();
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

/// What came of a question.
pub(super) enum Asked {
    /// The answer, and how long to wait before it is sent.
    Answered(Duration, Answer),
    /// Another client has ended the statement: the error in place of its answer.
    Interrupted(Answer),
    /// The server shuts down.
    ShutDown,
    /// The client has disconnected.
    Left,
}

/// What was made, or why it wasn't waited for.
pub(super) type Made<T> = std::result::Result<T, Wait>;

/// Whether another client can end what is waited for (KILL QUERY).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interruptible {
    Yes,
    No,
}

fn process(info: ConnectionInfo) -> Process {
    Process {
        id: info.id,
        user: info.username,
        host: info.peer,
        schema: info.schema,
        time: info.since.elapsed().map_or(0, |time| time.as_secs()),
    }
}

/// The error in place of a reply, whose rows aren't needed.
fn interrupted_reply<H: Handler>(handler: &mut H, reply: &Reply) -> Reply {
    for outcome in std::iter::once(&reply.outcome).chain(&reply.more) {
        if let Outcome::Rows(result) = outcome
            && let Some(source) = result.rows.source()
        {
            handler.drop_rows(source);
        }
    }
    Outcome::Error(Failure::interrupted()).into()
}

/// The error in place of the answer to this question.
fn interrupted_answer(question: &Question) -> Answer {
    let failure = Failure::interrupted();
    match question {
        Question::Statement(_) | Question::File(_) | Question::Replication(_) => {
            Answer::Reply(Box::new(Outcome::Error(failure).into()))
        }
        Question::Command(_) | Question::Administration(_) | Question::Bulk(_) => {
            Answer::Command(Some(Box::new(Outcome::Error(failure).into())))
        }
        Question::Prepared(_) => Answer::Prepared(Err(failure)),
        Question::Rows(_) => Answer::Rows(Err(failure)),
        Question::Fields(_) => Answer::Fields(Err(failure)),
        Question::Greeting => Answer::Greeting(Err(failure)),
        Question::Account(_) => Answer::Account(Err(failure)),
        Question::Nonce
        | Question::RsaKey
        | Question::Statistics
        | Question::Processes
        | Question::Kill(_) => Answer::Refused(failure),
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
