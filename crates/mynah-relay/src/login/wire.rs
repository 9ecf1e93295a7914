use std::io;

use bytes::{Bytes, BytesMut};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use mynah_wire::compress::Algorithm;
use mynah_wire::{HEADER_LEN, Header, PacketCodec, PacketHeader, Splitter};
use tokio::io::AsyncWriteExt;
use tokio_util::codec::Decoder;
use tokio_util::io::read_buf;

use super::frames::Frames;
use super::turn::Turn;
use crate::Failure;
use crate::failure::OutOfOrder;

/// One side of a login, packet by packet.
#[derive(Debug)]
pub(super) struct Wire<'a> {
    pub(super) stream: &'a mut Stream,
    pub(super) input: BytesMut,
    /// The sequence id that comes next, whoever sends it.
    pub(super) next: u8,
    side: Direction,
    pub(super) turn: &'a Turn,
    /// Where the connection is compressed. Sequence ids are then those of frames.
    frames: Option<Box<Frames>>,
}

/// A packet that was received.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) sequence_id: u8,
    pub(super) payload: Bytes,
    /// As it crossed the wire.
    pub(super) wire: Bytes,
}

impl<'a> Wire<'a> {
    pub(super) fn new(
        stream: &'a mut Stream,
        input: BytesMut,
        next: u8,
        side: Direction,
        turn: &'a Turn,
    ) -> Self {
        Self {
            stream,
            input,
            next,
            side,
            turn,
            frames: None,
        }
    }

    /// What was received is compressed, and what is sent has to be.
    pub(super) fn compressed(mut self, algorithm: Algorithm) -> Self {
        self.frames = Some(Box::new(Frames::new(algorithm)));
        self
    }

    /// The next packet; nothing at the end of the stream.
    pub(super) async fn receive(&mut self) -> io::Result<Option<Received>> {
        loop {
            if let Some(received) = self.cut()? {
                return Ok(Some(received));
            }
            if self.input.len() + self.held() > MAX_PACKET {
                return Err(io::Error::other("a packet of the login is too long"));
            }
            if read_buf(self.stream, &mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// How much was inflated and not been cut into packets.
    fn held(&self) -> usize {
        self.frames.as_ref().map_or(0, |frames| frames.held())
    }

    fn cut(&mut self) -> io::Result<Option<Received>> {
        if let Some(frames) = &mut self.frames {
            let packet = frames.cut(&mut self.input, &mut self.next)?;
            return Ok(packet.map(|packet| Received {
                sequence_id: packet.sequence_id,
                payload: packet.payload,
                wire: frames.take_wire(),
            }));
        }
        // By its header alone: servers don't wait for the rest.
        if self.side == Direction::Client
            && let Some((header, _)) = PacketHeader::split(&self.input)
            && header.sequence_id != self.next
        {
            let header = self.input.first_chunk().copied().unwrap_or_default();
            return Err(io::Error::other(OutOfOrder(header)));
        }
        let Some(packet) = PacketCodec.decode(&mut self.input)? else {
            return Ok(None);
        };
        self.next = packet.sequence_id.wrapping_add(1);
        let mut wire = BytesMut::with_capacity(HEADER_LEN + packet.payload.len());
        Splitter::new(packet.sequence_id).payload(&mut wire, &packet.payload);
        Ok(Some(Received {
            sequence_id: packet.sequence_id,
            payload: packet.payload,
            wire: wire.freeze(),
        }))
    }

    /// As [`receive`](Self::receive), where it is this side's turn, and an end is an error.
    pub(super) async fn expect(&mut self) -> io::Result<Received> {
        self.turn.is(self.side);
        let received = self.receive().await?;
        received.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// As [`expect`](Self::expect), as long as the server stays.
    pub(super) async fn expect_while(
        &mut self,
        server: &mut Wire<'_>,
    ) -> Result<Received, Failure> {
        tokio::select! {
            biased;
            packet = self.expect() => packet.map_err(Failure::client),
            error = server.gone() => Err(Failure::Server(error)),
        }
    }

    /// Waits until the side has closed. What it says meanwhile is kept.
    pub(super) async fn gone(&mut self) -> io::Error {
        while self.input.len() <= MAX_PACKET {
            match read_buf(self.stream, &mut self.input).await {
                Ok(0) => return io::ErrorKind::UnexpectedEof.into(),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
        // It says so much that it is still there.
        std::future::pending().await
    }

    /// The error that a side has left behind.
    pub(super) fn last_words(&mut self) -> Option<Received> {
        let packet = self.cut().ok().flatten();
        packet.filter(|packet| packet.payload.first() == Some(&ERR))
    }

    /// As [`receive`](Self::receive), but leaves commands where they are: a client may send some
    /// before it knows whether it may come in. Frames have their sequence id where packets do.
    pub(super) async fn receive_answer(&mut self) -> io::Result<Option<Received>> {
        if self.held() == 0 {
            // A frame's begins as a packet's does.
            let header = loop {
                if let Some((header, _)) = PacketHeader::split(&self.input) {
                    break header;
                }
                if read_buf(self.stream, &mut self.input).await? == 0 {
                    return Ok(None);
                }
            };
            if header.sequence_id == 0 {
                std::future::pending::<()>().await;
            }
        }
        self.receive().await
    }

    /// Sends a payload under the next sequence id; gives what was sent.
    pub(super) async fn send(&mut self, payload: &[u8]) -> io::Result<Bytes> {
        let mut wire = BytesMut::with_capacity(HEADER_LEN + payload.len());
        let mut splitter = Splitter::new(self.next);
        splitter.payload(&mut wire, payload);
        let wire = match &mut self.frames {
            Some(frames) => frames.pack(&wire, &mut self.next)?,
            None => {
                self.next = splitter.next_sequence_id();
                wire.freeze()
            }
        };
        self.stream.write_all(&wire).await?;
        Ok(wire)
    }

    /// What was received and is nobody's answer: it passes as it came.
    ///
    /// # Errors
    /// When it shares a frame with an answer, so that it can't.
    pub(super) fn into_rest(self) -> io::Result<BytesMut> {
        if self.held() > 0 {
            return Err(io::Error::other("a frame holds more than the login"));
        }
        if self.input.is_empty() {
            // An idle connection keeps no buffer.
            return Ok(BytesMut::new());
        }
        Ok(self.input)
    }
}

const ERR: u8 = 0xff;

/// Attributes and tickets make a login long; not so long.
const MAX_PACKET: usize = 1024 * 1024;
