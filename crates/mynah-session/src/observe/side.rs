use bytes::{Buf, Bytes, BytesMut};
use mynah_wire::compress::{Algorithm, CompressError, FrameCodec, Inflator};
use mynah_wire::{HEADER_LEN, MAX_PAYLOAD_LEN};
use tokio_util::codec::Decoder;

/// Who sent something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The client.
    Client,
    /// The server.
    Server,
}

/// What one side has sent, cut into messages.
#[derive(Debug, Default)]
pub(super) struct Side {
    frames: Option<Box<Frames>>,
    /// The header of the packet that has begun, as far as it has come.
    header: [u8; HEADER_LEN],
    header_len: usize,
    /// How much of the packet is still to come.
    left: usize,
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
    /// Whether its packet is one that another continues.
    continued: bool,
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
    /// Only of those that may end something: the rest is told by its first byte.
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
        self.message.is_some() || self.header_len > 0 || in_frame
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
            // It only cuts, so it doesn't fail.
            let Ok(Some(frame)) = FrameCodec.decode(&mut frames.wire) else {
                break Ok(None);
            };
            frames.next = frame.sequence_id.wrapping_add(1);
            if let Err(error) = frames.inflator.inflate(&frame, &mut frames.plain) {
                break Err(error);
            }
        };
        if frames.plain.is_empty() && frames.plain.capacity() > KEPT {
            frames.plain = BytesMut::new();
        }
        self.frames = Some(frames);
        cut
    }

    /// Takes in the rows that are there as a whole, up to the first message that may be their end.
    pub(super) fn pass_rows(&mut self, input: &mut &[u8]) -> PassedRows {
        let mut passed = PassedRows::default();
        if self.frames.is_some() || self.header_len > 0 || self.message.is_some() {
            return passed;
        }
        while let Some((&[a, b, c, sequence_id], after)) = input.split_first_chunk::<HEADER_LEN>() {
            let len = u32::from_le_bytes([a, b, c, 0]) as usize;
            match (after.first(), after.get(len..)) {
                (Some(&first), Some(rest))
                    if first < FIRST_OF_ENDS && len > 0 && len < MAX_PAYLOAD_LEN =>
                {
                    *input = rest;
                    passed.rows += 1;
                    passed.wire_len += (HEADER_LEN + len) as u64;
                    passed.last_sequence_id = sequence_id;
                }
                _ => break,
            }
        }
        passed
    }

    #[inline]
    fn cut(&mut self, input: &mut &[u8], hold: Hold) -> Option<Cut> {
        if self.header_len == 0
            && self.message.is_none()
            && let Some(cut) = whole(input, hold)
        {
            return Some(cut);
        }
        self.cut_slowly(input, hold)
    }

    /// A message whose packets come in pieces, or are several.
    fn cut_slowly(&mut self, input: &mut &[u8], hold: Hold) -> Option<Cut> {
        loop {
            if self.header_len < HEADER_LEN {
                let (&byte, rest) = input.split_first()?;
                if let Some(place) = self.header.get_mut(self.header_len) {
                    *place = byte;
                }
                self.header_len += 1;
                *input = rest;
                if self.header_len == HEADER_LEN {
                    self.begin_packet();
                }
                continue;
            }
            let begun = self.message.as_mut()?;
            let (part, rest) = input.split_at(self.left.min(input.len()));
            begun.first = begun.first.or(part.first().copied());
            let room = hold.limit(begun.first).saturating_sub(begun.held.len());
            begun
                .held
                .extend_from_slice(part.get(..room).unwrap_or(part));
            begun.len += part.len() as u64;
            self.left -= part.len();
            *input = rest;
            if self.left > 0 {
                return None;
            }
            self.header_len = 0;
            if !begun.continued {
                let [.., last_sequence_id] = self.header;
                return self.message.take().map(|begun| Cut {
                    sequence_id: begun.sequence_id,
                    last_sequence_id,
                    payload: begun.held.freeze(),
                    first: begun.first,
                    len: begun.len,
                    wire_len: begun.len + begun.packets * HEADER_LEN as u64,
                });
            }
        }
    }

    fn begin_packet(&mut self) {
        let [a, b, c, sequence_id] = self.header;
        self.left = u32::from_le_bytes([a, b, c, 0]) as usize;
        let begun = self.message.get_or_insert_with(|| Begun {
            sequence_id,
            packets: 0,
            len: 0,
            first: None,
            held: BytesMut::new(),
            continued: false,
        });
        begun.packets += 1;
        begun.continued = self.left == MAX_PAYLOAD_LEN;
    }
}

/// A message of one packet that is there as a whole: nearly all are.
#[inline]
fn whole(input: &mut &[u8], hold: Hold) -> Option<Cut> {
    let (&[a, b, c, sequence_id], after) = input.split_first_chunk::<HEADER_LEN>()?;
    let len = u32::from_le_bytes([a, b, c, 0]) as usize;
    let (payload, rest) = after.split_at_checked(len)?;
    if len == MAX_PAYLOAD_LEN {
        return None;
    }
    *input = rest;
    let first = payload.first().copied();
    let held = payload.get(..hold.limit(first)).unwrap_or(payload);
    Some(Cut {
        sequence_id,
        last_sequence_id: sequence_id,
        payload: if held.is_empty() {
            Bytes::new()
        } else {
            Bytes::copy_from_slice(held)
        },
        first,
        len: len as u64,
        wire_len: (HEADER_LEN + len) as u64,
    })
}

/// OK in the place of EOF, EOF, and errors.
const FIRST_OF_ENDS: u8 = 0xfe;

/// How much buffer is kept for the next frame.
const KEPT: usize = 64 * 1024;
