use std::io;

use bytes::{Bytes, BytesMut};
use mynah_session::observe::Direction;
use mynah_wire::compress::Algorithm;
use mynah_wire::{HEADER_LEN, Header, PacketHeader, Splitter};

use super::frames::Frames;
use crate::failure::OutOfOrder;
use crate::login::Transport;

/// One side of a login, packet by packet.
#[derive(Debug)]
pub(super) struct Side {
    side: Direction,
    /// What it has sent that is not cut into packets.
    pub(super) input: BytesMut,
    /// The sequence id of the next packet of either side.
    pub(super) next: u8,
    pub(super) transport: Transport,
    /// Whether it has closed.
    pub(super) is_closed: bool,
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

impl Side {
    pub(super) fn new(side: Direction, input: BytesMut, next: u8, transport: Transport) -> Self {
        Self {
            side,
            input,
            next,
            transport,
            is_closed: false,
            frames: None,
        }
    }

    /// Whether a password of the method whose key is asked for by `key_request` crosses this side in clear.
    /// `sha256_password` encrypts passwords on Unix sockets, too (seen: MySQL 9.7).
    pub(super) fn carries_password(&self, key_request: u8) -> bool {
        match key_request {
            ASK_SHA256 => self.transport.has_tls,
            _ => self.transport.is_secure,
        }
    }

    /// What was received is compressed, and what is sent has to be.
    pub(super) fn compressed(mut self, algorithm: Algorithm) -> Self {
        self.frames = Some(Box::new(Frames::new(algorithm)));
        self
    }

    /// The next packet, if it is there as a whole.
    pub(super) fn receive(&mut self) -> io::Result<Option<Received>> {
        let received = self.cut()?;
        if received.is_none() && self.input.len() + self.held() > MAX_PACKET {
            return Err(io::Error::other("a packet of the login is too long"));
        }
        Ok(received)
    }

    /// Whether no more is kept of what it says while it isn't its turn.
    pub(super) fn is_full(&self) -> bool {
        self.input.len() > MAX_PACKET
    }

    /// Whether a command comes next: a client may send some before its login is decided.
    /// A frame has its sequence id where a packet has it.
    pub(super) fn has_command(&self) -> bool {
        self.held() == 0
            && PacketHeader::split(&self.input).is_some_and(|(header, _)| header.sequence_id == 0)
    }

    /// How many decompressed bytes aren't cut into packets yet.
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
        let Some((header, _)) = PacketHeader::split(&self.input) else {
            return Ok(None);
        };
        // By its header alone: servers don't wait for the rest.
        if header.sequence_id != self.next && self.side == Direction::Client {
            let header = self.input.first_chunk().copied().unwrap_or_default();
            return Err(io::Error::other(OutOfOrder(header)));
        }
        let len = HEADER_LEN + header.len;
        if self.input.len() < len {
            return Ok(None);
        }
        self.next = header.sequence_id.wrapping_add(1);
        let wire = self.input.split_to(len).freeze();
        Ok(Some(Received {
            sequence_id: header.sequence_id,
            payload: wire.slice(HEADER_LEN..),
            wire,
        }))
    }

    /// The error that it has left behind.
    pub(super) fn last_error(&mut self) -> Option<Received> {
        let packet = self.cut().ok().flatten();
        packet.filter(|packet| packet.payload.first() == Some(&ERR))
    }

    /// A payload as it is sent to this side, under the next sequence id.
    pub(super) fn pack(&mut self, payload: &[u8]) -> io::Result<Bytes> {
        let mut wire = BytesMut::with_capacity(HEADER_LEN + payload.len());
        let mut splitter = Splitter::new(self.next);
        splitter.payload(&mut wire, payload);
        if let Some(frames) = &mut self.frames {
            return frames.pack(&wire, &mut self.next);
        }
        self.next = splitter.next_sequence_id();
        Ok(wire.freeze())
    }

    /// What was received and is no part of the login: it passes as it came.
    ///
    /// # Errors
    /// When it shares a frame with an answer, so that it can't.
    pub(super) fn take_rest(&mut self) -> io::Result<BytesMut> {
        if self.held() > 0 {
            return Err(io::Error::other("a frame holds more than the login"));
        }
        // An idle connection keeps no buffer.
        let rest = std::mem::take(&mut self.input);
        Ok(if rest.is_empty() {
            BytesMut::new()
        } else {
            rest
        })
    }
}

const ERR: u8 = 0xff;

/// With this, a client asks for a key to encrypt its password for, by `caching_sha2_password`.
pub(super) const ASK_CACHING_SHA2: u8 = 2;

/// The same by `sha256_password`.
pub(super) const ASK_SHA256: u8 = 1;

/// Attributes and tickets make a login long; not so long.
const MAX_PACKET: usize = 1024 * 1024;
