use std::io;

use bytes::BytesMut;
use mynah_net::Stream;
use mynah_session::observe::Direction;
use mynah_x::{Frame, ServerMessageType};

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
        tokio::select! {
            biased;
            frame = self.server.receive() => frame.map(Said::Server).map_err(Failure::Server),
            frame = self.client.receive() => frame.map(Said::Client).map_err(Failure::Client),
        }
    }

    /// The client's next message; what the server says meanwhile passes.
    pub(super) async fn of_client(&mut self) -> Result<Frame, Failure> {
        loop {
            match self.next().await? {
                Said::Client(frame) => {
                    let frame = frame.ok_or_else(|| Failure::Client(end()))?;
                    self.seen(&frame);
                    return Ok(frame);
                }
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
            let frame = self.server.receive().await.map_err(Failure::Server)?;
            let frame = frame.ok_or_else(|| Failure::Server(end()))?;
            if ServerMessageType(frame.message_type) != ServerMessageType::NOTICE {
                return Ok(frame);
            }
            self.tell_client(&frame).await?;
        }
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

    pub(super) fn entered(self) -> Entered {
        Entered {
            mediated: self.is_mediated(),
            of_client: self.client.input,
            of_server: self.server.input,
            compression: None,
        }
    }
}

fn end() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}
