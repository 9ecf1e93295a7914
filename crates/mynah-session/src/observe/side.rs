use bytes::{Buf, Bytes, BytesMut};
use mynah_wire::compress::{Algorithm, CompressError, Frame, Inflator};
use mynah_wire::{
    HEADER_LEN, MAX_PAYLOAD_LEN, PacketHeader, PacketSlice, PacketSlices, Part, Scanner,
};

/// One of the two sides of a connection: the sender of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Sent by the client, to the server.
    Client,
    /// Sent by the server, to the client.
    Server,
}

impl Direction {
    /// The sender as text: `client` or `server`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// What one side has sent, cut into messages.
#[derive(Debug, Default)]
pub(super) struct Side {
    frames: Option<Box<Frames>>,
    packets: Scanner<PacketHeader>,
    /// The message that has begun.
    message: Option<Begun>,
}

#[derive(Debug)]
struct Begun {
    sequence_id: u8,
    packets: u64,
    len: u64,
    first: Option<u8>,
    held: BytesMut,
}

/// A whole message.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) sequence_id: u8,
    pub(super) last_sequence_id: u8,
    /// As much as was to be held.
    pub(super) payload: Bytes,
    pub(super) first: Option<u8>,
    pub(super) len: u64,
    pub(super) wire_len: u64,
}

/// Rows of which nothing is to be known but how many they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PassedRows {
    pub(super) rows: u64,
    pub(super) wire_len: u64,
    pub(super) last_sequence_id: u8,
}

/// How much of a message is to be held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hold {
    All(usize),
    /// Only messages that may end something; the others are known by their first byte.
    Ends(usize),
    Nothing,
}

struct Frames {
    inflator: Inflator,
    wire: BytesMut,
    plain: BytesMut,
    /// The sequence id behind that of the last frame.
    next: u8,
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames").finish_non_exhaustive()
    }
}

impl Hold {
    #[inline]
    fn limit(self, first: Option<u8>) -> usize {
        match self {
            Self::All(limit) => limit,
            Self::Ends(limit) if first.is_some_and(|first| first >= FIRST_OF_ENDS) => limit,
            Self::Ends(_) | Self::Nothing => 0,
        }
    }
}

impl Side {
    /// What follows is compressed.
    pub(super) fn compress(&mut self, algorithm: Algorithm) {
        self.frames = Some(Box::new(Frames {
            inflator: Inflator::new(algorithm),
            wire: BytesMut::new(),
            plain: BytesMut::new(),
            next: 0,
        }));
    }

    /// The first byte of the message that has begun, once it is there.
    pub(super) fn begun(&self) -> Option<(u8, Bytes)> {
        let begun = self.message.as_ref()?;
        let first = begun.first?;
        Some((first, Bytes::copy_from_slice(&begun.held)))
    }

    /// Whether it is in the middle of a message, or of a frame.
    pub(super) fn is_inside(&self) -> bool {
        let in_frame = self
            .frames
            .as_ref()
            .is_some_and(|frames| !frames.wire.is_empty());
        self.is_inside_message() || in_frame
    }

    fn is_inside_message(&self) -> bool {
        self.message.is_some() || self.packets.is_inside()
    }

    /// The sequence id behind that of its last frame, where there are frames.
    pub(super) fn next_frame(&self) -> Option<u8> {
        self.frames.as_ref().map(|frames| frames.next)
    }

    /// Cuts the next message off what came, or takes all of it in if none is complete.
    pub(super) fn next(
        &mut self,
        input: &mut &[u8],
        hold: Hold,
    ) -> Result<Option<Cut>, CompressError> {
        let Some(mut frames) = self.frames.take() else {
            return Ok(self.cut(input, hold));
        };
        // The stream goes through `wire` (frames) and `plain` (packets). Each round cuts a message off what
        // was inflated, or else inflates one more frame.
        frames.wire.extend_from_slice(input);
        *input = &[];
        let cut = loop {
            let mut plain = &frames.plain[..];
            let cut = self.cut(&mut plain, hold);
            let used = frames.plain.len() - plain.len();
            frames.plain.advance(used);
            if cut.is_some() {
                break Ok(cut);
            }
            let Some(frame) = Frame::take(&mut frames.wire) else {
                break Ok(None);
            };
            frames.next = frame.sequence_id.wrapping_add(1);
            if let Err(error) = frames.inflator.inflate(&frame, &mut frames.plain) {
                break Err(error);
            }
        };
        // One large frame must not keep its memory for the life of the connection.
        if frames.plain.is_empty() && frames.plain.capacity() > KEPT {
            frames.plain = BytesMut::new();
        }
        self.frames = Some(frames);
        cut
    }

    /// Takes in the rows that are there as a whole, up to the first message that may be their end.
    pub(super) fn pass_rows(&mut self, input: &mut &[u8]) -> PassedRows {
        let mut passed = PassedRows::default();
        // Rows in frames, and a message that has begun, go the long way.
        if self.frames.is_some() || self.is_inside_message() {
            return passed;
        }
        let mut packets = PacketSlices::new(input);
        while let Some(packet) = packets.next()
            && is_row(&packet)
        {
            *input = packets.rest();
            passed.rows += 1;
            passed.wire_len += (HEADER_LEN + packet.payload.len()) as u64;
            passed.last_sequence_id = packet.sequence_id;
        }
        passed
    }

    #[inline]
    fn cut(&mut self, input: &mut &[u8], hold: Hold) -> Option<Cut> {
        loop {
            let part = self.packets.next(input)?;
            let is_end = part.is_last && !part.header.is_continued();
            // A message of one packet that is there as a whole: nothing has to be kept of it.
            if is_end && part.offset == 0 && self.message.is_none() {
                return Some(whole(part, hold));
            }
            self.hold(part, hold);
            if is_end {
                return self.message.take().map(|begun| Cut {
                    sequence_id: begun.sequence_id,
                    last_sequence_id: part.header.sequence_id,
                    payload: begun.held.freeze(),
                    first: begun.first,
                    len: begun.len,
                    wire_len: begun.len + begun.packets * HEADER_LEN as u64,
                });
            }
        }
    }

    /// Keeps as much as `hold` allows of a message that comes in pieces or in several packets.
    fn hold(&mut self, part: Part<'_, PacketHeader>, hold: Hold) {
        let begun = self.message.get_or_insert_with(|| Begun {
            sequence_id: part.header.sequence_id,
            packets: 0,
            len: 0,
            first: None,
            held: BytesMut::new(),
        });
        begun.packets += u64::from(part.offset == 0);
        begun.first = begun.first.or(part.payload.first().copied());
        let room = hold.limit(begun.first).saturating_sub(begun.held.len());
        let held = part.payload.get(..room).unwrap_or(part.payload);
        begun.held.extend_from_slice(held);
        begun.len += part.payload.len() as u64;
    }
}

/// A message of one packet that is complete in the buffer, as nearly all are.
#[inline]
fn whole(part: Part<'_, PacketHeader>, hold: Hold) -> Cut {
    let payload = part.payload;
    let first = payload.first().copied();
    let held = payload.get(..hold.limit(first)).unwrap_or(payload);
    Cut {
        sequence_id: part.header.sequence_id,
        last_sequence_id: part.header.sequence_id,
        payload: if held.is_empty() {
            Bytes::new()
        } else {
            Bytes::copy_from_slice(held)
        },
        first,
        len: payload.len() as u64,
        wire_len: (HEADER_LEN + payload.len()) as u64,
    }
}

/// Whether a packet is a row, by its first byte and its length.
#[inline]
fn is_row(packet: &PacketSlice<'_>) -> bool {
    let first = packet.payload.first();
    first.is_some_and(|first| *first < FIRST_OF_ENDS) && packet.payload.len() < MAX_PAYLOAD_LEN
}

/// OK in the place of EOF, EOF, and errors.
const FIRST_OF_ENDS: u8 = 0xfe;

/// How much buffer is kept for the next frame.
const KEPT: usize = 64 * 1024;
