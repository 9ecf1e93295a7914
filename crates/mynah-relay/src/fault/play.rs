//! Plays a fault at a command: the pump stands still meanwhile.

use std::future::pending;
use std::io;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use mynah_fault::{End, Framing, Playing, Step};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;
use tokio::time::sleep;
use tokio_util::io::read_buf;

use super::{DueFault, FaultPoint};
use crate::gate::{Admitted, Gatekeeper, Standing};
use crate::observer::ConnectionObserver;
use crate::pump::{ByteObserver as _, Ending};

/// A connection that a fault is played on. The client is at the beginning of the command.
pub(crate) struct Scene<'a> {
    pub(crate) client: &'a mut Stream,
    pub(crate) server: &'a mut Stream,
    /// What was read of both and hasn't passed.
    pub(crate) of_client: BytesMut,
    pub(crate) of_server: BytesMut,
    pub(crate) keeper: &'a mut Gatekeeper,
    pub(crate) observer: &'a mut ConnectionObserver,
    /// After how long a silence a connection is closed.
    pub(crate) idle: Option<Duration>,
}

/// Plays it. Gives what was read ahead of both sides if the connection goes on behind the command and its answer, or
/// how it ends.
pub(crate) async fn play(
    due: &DueFault,
    mut scene: Scene<'_>,
) -> Result<(BytesMut, BytesMut), Ending> {
    let framing = match scene.observer.is_x() {
        true => Framing::X,
        false => Framing::Classic,
    };
    let mut playing = due.drawn.play(framing);
    match due.rule().at() {
        FaultPoint::BeforeForward => scene.before_forward(due, &mut playing).await?,
        FaultPoint::AfterExecute => scene.after_execute(due, &mut playing).await?,
    }
    Ok((scene.of_client, scene.of_server))
}

impl Scene<'_> {
    async fn before_forward(
        &mut self,
        due: &DueFault,
        playing: &mut Playing,
    ) -> Result<(), Ending> {
        let forwards = due.rule().forwards();
        // The command is taken before the fault's steps: the server never gets it, but observers see that the
        // client sent it.
        if !forwards {
            self.take_command(false).await?;
            self.observer.publish_fault(due);
        }
        playing.finish();
        self.take_steps(due, playing).await?;
        // Nothing has ended it: the server gets the command, later than it came.
        self.take_command(true).await?;
        self.observer.publish_fault(due);
        Ok(())
    }

    async fn after_execute(&mut self, due: &DueFault, playing: &mut Playing) -> Result<(), Ending> {
        self.take_command(true).await?;
        self.observer.publish_fault(due);
        while self.observer.followed().awaits_answer() {
            let ended = self.read_answer().await?;
            let bytes = self.take_answer();
            // An answer of which the client gets nothing is read to its end, so that the server has done its work.
            if !due.rule().keeps_answer() {
                playing.push(&bytes);
                self.take_steps(due, playing).await?;
            }
            if ended {
                self.observer.ended(Direction::Server, None);
                return Err(Ending::Closed);
            }
        }
        playing.finish();
        self.take_steps(due, playing).await
    }

    /// Takes what was read of the server, which observers see as it is.
    fn take_answer(&mut self) -> BytesMut {
        let bytes = self.of_server.split();
        if !bytes.is_empty() {
            self.observer.arrived();
            self.observer.passed(Direction::Server, &bytes);
        }
        bytes
    }

    /// Takes the command off what the client sends, whether the server gets it or not.
    async fn take_command(&mut self, forwards: bool) -> Result<(), Ending> {
        loop {
            while !self.of_client.is_empty() {
                let Some(part) = self.next_part() else { break };
                self.observer.arrived();
                if forwards {
                    let written = self.server.write_all(&part).await;
                    written.map_err(|error| self.lost(Direction::Server, error))?;
                }
                self.observer.passed(Direction::Client, &part);
                // The keeper is between two commands again: the command is complete.
                if self.keeper.is_between() {
                    return Ok(());
                }
            }
            let has_closed = tokio::select! {
                () = silence(self.idle) => return Err(Ending::Idle),
                has_closed = self.read_client() => has_closed?,
            };
            if has_closed {
                return Err(Ending::Closed);
            }
        }
    }

    /// The next of the client's bytes that belong to the command, or to none.
    fn next_part(&mut self) -> Option<BytesMut> {
        let admitted = self
            .keeper
            .admit(&self.of_client, Standing::AnswerDue, Instant::now());
        match admitted {
            Admitted::Pass(len) => Some(self.of_client.split_to(len)),
            _ => None,
        }
    }

    /// Reads more of the answer; gives whether the server has closed. What the client sends for the command meanwhile,
    /// a file or its part of an authentication, passes.
    async fn read_answer(&mut self) -> Result<bool, Ending> {
        loop {
            while !self.of_client.is_empty()
                && let Some(part) = self.next_part()
            {
                let written = self.server.write_all(&part).await;
                written.map_err(|error| self.lost(Direction::Server, error))?;
                self.observer.passed(Direction::Client, &part);
            }
            tokio::select! {
                () = silence(self.idle) => return Err(Ending::Idle),
                read = read_buf(self.server, &mut self.of_server) => return match read {
                    Ok(read) => Ok(read == 0),
                    Err(error) => Err(self.lost(Direction::Server, error)),
                },
                read = read_buf(self.client, &mut self.of_client), if self.of_client.len() < ROOM => match read {
                    Ok(0) => {
                        self.observer.ended(Direction::Client, None);
                        return self.read_last_answer().await;
                    }
                    Ok(_) => {}
                    Err(error) => return Err(self.lost(Direction::Client, error)),
                },
            }
        }
    }

    /// The same, behind a client that sends nothing more.
    async fn read_last_answer(&mut self) -> Result<bool, Ending> {
        tokio::select! {
            () = silence(self.idle) => Err(Ending::Idle),
            read = read_buf(self.server, &mut self.of_server) => match read {
                Ok(read) => Ok(read == 0),
                Err(error) => Err(self.lost(Direction::Server, error)),
            },
        }
    }

    /// Reads more of the client; gives whether it has closed.
    async fn read_client(&mut self) -> Result<bool, Ending> {
        let read = read_buf(self.client, &mut self.of_client).await;
        let read = read.map_err(|error| self.lost(Direction::Client, error))?;
        if read == 0 {
            self.observer.ended(Direction::Client, None);
        }
        Ok(read == 0)
    }

    async fn take_steps(&mut self, due: &DueFault, playing: &mut Playing) -> Result<(), Ending> {
        while let Some(step) = playing.next() {
            match step {
                Step::Wait(time) => self.wait(time).await?,
                Step::Send(bytes) => {
                    let written = tokio::select! {
                        () = silence(self.idle) => return Err(Ending::Idle),
                        written = self.client.write_all(&bytes) => written,
                    };
                    written.map_err(|error| self.lost(Direction::Client, error))?;
                }
                Step::End(end) => return Err(self.end(due, end).await),
            }
        }
        Ok(())
    }

    async fn end(&mut self, due: &DueFault, end: End) -> Ending {
        let why = due.why();
        let resets = match end {
            End::Close => false,
            End::Reset => true,
            End::Timeout => {
                return tokio::select! {
                    () = silence(self.idle) => Ending::Idle,
                    left = self.wait_until_client_leaves() => left,
                };
            }
            End::StopReading => return self.wait_unread().await,
        };
        Ending::Fault { why, resets }
    }

    /// Waits so long, unless the client leaves before.
    async fn wait(&mut self, time: Duration) -> Result<(), Ending> {
        tokio::select! {
            () = sleep(time) => Ok(()),
            left = self.wait_until_client_leaves() => Err(left),
        }
    }

    /// Reads what the client sends as long as there is room.
    async fn wait_until_client_leaves(&mut self) -> Ending {
        loop {
            // Without reading, the end of the client can't be noticed, so only the fault's own time or a shutdown
            // ends the wait.
            if self.of_client.len() >= ROOM {
                return pending().await;
            }
            match self.read_client().await {
                Ok(true) => return Ending::Closed,
                Ok(false) => {}
                Err(ending) => return ending,
            }
        }
    }

    /// Waits until a side closes, and reads nothing of the client.
    async fn wait_unread(&mut self) -> Ending {
        loop {
            // A fault that stops reading ends the connection, and the client gets nothing more, but the trace has the
            // answer as the server sent it.
            let _dropped = self.take_answer();
            let read = tokio::select! {
                () = silence(self.idle) => return Ending::Idle,
                () = self.client.closed_by_peer() => {
                    self.observer.ended(Direction::Client, None);
                    return Ending::Closed;
                }
                read = read_buf(self.server, &mut self.of_server) => read,
            };
            match read {
                Ok(0) => {
                    self.observer.ended(Direction::Server, None);
                    return Ending::Closed;
                }
                Ok(_) => {}
                Err(error) => return self.lost(Direction::Server, error),
            }
        }
    }

    fn lost(&mut self, side: Direction, error: io::Error) -> Ending {
        self.observer.ended(side, Some(&error));
        match side {
            Direction::Client => Ending::ClientLost(error),
            Direction::Server => Ending::ServerLost(error),
        }
    }
}

/// Ends when a connection has been idle for as long as it may be.
async fn silence(idle: Option<Duration>) {
    match idle {
        Some(idle) => sleep(idle).await,
        None => pending().await,
    }
}

/// How much of a client is read ahead while a fault is played.
const ROOM: usize = 64 * 1024;
