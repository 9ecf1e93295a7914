use std::io;

use bytes::{Buf, BytesMut};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use mynah_x::{Frame, FrameError, ServerMessageType};
use tokio::io::AsyncWriteExt;

use super::wire::{Wire, wire};
use crate::Failure;
use crate::login::Entered;
use crate::login::turn::Turn;
use crate::pump::Watch;

/// Both sides of a login, and who looks on: that is, at what the client says and is told.
#[derive(Debug)]
pub(super) struct Sides<'a, W> {
    pub(super) client: Wire<'a>,
    pub(super) server: Wire<'a>,
    pub(super) watch: &'a mut W,
    pub(super) turn: &'a Turn,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Said {
    Client(Option<Frame>),
    /// The client begins a message that is longer than any of a login. It is left where it is.
    TooMuch,
    Server(Option<Frame>),
}

impl<'a, W: Watch> Sides<'a, W> {
    /// What was read of the client and of the server comes first.
    pub(super) fn new(
        client: &'a mut Stream,
        server: &'a mut Stream,
        (of_client, of_server): (BytesMut, BytesMut),
        watch: &'a mut W,
        turn: &'a Turn,
    ) -> Self {
        let wire = |stream, input| Wire { stream, input };
        Self {
            client: wire(client, of_client),
            server: wire(server, of_server),
            watch,
            turn,
        }
    }

    /// The next message of whoever speaks first; nothing of one that has closed.
    pub(super) async fn next(&mut self) -> Result<Said, Failure> {
        loop {
            let frame = tokio::select! {
                biased;
                frame = self.server.receive() => return of_server(frame).map(Said::Server),
                frame = self.client.receive() => frame,
            };
            match frame {
                Ok(frame) => return Ok(Said::Client(frame)),
                Err(FrameError::Empty) => self.pass_empty().await?,
                Err(FrameError::TooLarge { .. }) => return Ok(Said::TooMuch),
                Err(error) => return Err(Failure::Client(io_error(error))),
            }
        }
    }

    /// A message without a type is the server's to refuse.
    async fn pass_empty(&mut self) -> Result<(), Failure> {
        self.client.input.advance(EMPTY.len());
        self.watch.passed(Direction::Client, &EMPTY);
        self.turn.is(Direction::Server);
        let sent = self.server.stream.write_all(&EMPTY).await;
        sent.map_err(Failure::Server)
    }

    /// The client's next message, or nothing if it is too long; what the server says meanwhile passes.
    pub(super) async fn of_client(&mut self) -> Result<Option<Frame>, Failure> {
        loop {
            match self.next().await? {
                Said::Client(frame) => {
                    let frame = frame.ok_or_else(|| Failure::Client(end()))?;
                    self.seen(&frame);
                    return Ok(Some(frame));
                }
                Said::TooMuch => return Ok(None),
                Said::Server(frame) => {
                    let frame = frame.ok_or_else(|| Failure::Server(end()))?;
                    self.tell_client(&frame).await?;
                }
            }
        }
    }

    /// The server's answer to what it was asked last; notices in front of it pass.
    pub(super) async fn answer(&mut self) -> Result<Frame, Failure> {
        loop {
            let frame = self.receive_of_server().await?;
            let frame = frame.ok_or_else(|| Failure::Server(end()))?;
            if ServerMessageType(frame.message_type) != ServerMessageType::NOTICE {
                return Ok(frame);
            }
            self.tell_client(&frame).await?;
        }
    }

    /// The server's next message, whatever it is; nothing when it has closed.
    pub(super) async fn receive_of_server(&mut self) -> Result<Option<Frame>, Failure> {
        of_server(self.server.receive().await)
    }

    pub(super) fn seen(&mut self, frame: &Frame) {
        self.watch.passed(Direction::Client, &wire(frame));
    }

    pub(super) async fn ask_server(&mut self, frame: &Frame) -> Result<(), Failure> {
        self.turn.is(Direction::Server);
        self.server.send(frame).await.map_err(Failure::Server)
    }

    pub(super) async fn tell_client(&mut self, frame: &Frame) -> Result<(), Failure> {
        self.client.send(frame).await.map_err(Failure::Client)?;
        self.watch.passed(Direction::Server, &wire(frame));
        if ServerMessageType(frame.message_type) != ServerMessageType::NOTICE {
            self.turn.is(Direction::Client);
        }
        Ok(())
    }

    /// Whether clients may send their passwords in clear that the server would not take so.
    pub(super) fn is_mediated(&self) -> bool {
        self.client.stream.is_secure() && !self.server.stream.is_secure()
    }

    /// The client says more than any client has to before it has logged in: the server ends that as it
    /// does, where there is nothing that it must not be told.
    pub(super) fn too_much(self) -> Result<Entered, Failure> {
        if self.is_mediated() {
            return Err(Failure::Client(io::ErrorKind::InvalidData.into()));
        }
        Ok(self.entered())
    }

    pub(super) fn entered(self) -> Entered {
        Entered {
            mediated: self.is_mediated(),
            of_client: self.client.input,
            of_server: self.server.input,
            compression: None,
        }
    }
}

/// What a server says that speaks the X Protocol.
fn of_server(frame: Result<Option<Frame>, FrameError>) -> Result<Option<Frame>, Failure> {
    let frame = frame.map_err(|error| Failure::Server(io_error(error)))?;
    match frame {
        Some(greeting) if GREETINGS.contains(&greeting.message_type) => {
            Err(Failure::NotX(wire(&greeting)))
        }
        frame => Ok(frame),
    }
}

fn io_error(error: FrameError) -> io::Error {
    match error {
        FrameError::Io(error) => error,
        error => io::Error::other(error),
    }
}

fn end() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

/// A length, and nothing that has it.
const EMPTY: [u8; 4] = [0; 4];

/// What a classic server's greeting has in the place of a type: its version, or that of an error. No
/// message of the X Protocol has these.
const GREETINGS: [u8; 3] = [9, 10, 0xff];
