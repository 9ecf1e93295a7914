use crate::{Header, MAX_HEADER_LEN};

/// Follows the boundaries of packets, or of other data with a [`Header`], in a byte stream that
/// passes by in pieces. It keeps no more of the stream than a header.
///
/// It is for code that forwards bytes as they arrive, and has to know where packets begin and end. No payload is
/// copied, joined or allocated: it is borrowed part by part. A packet that lies in one piece has a
/// single part.
///
/// ```
/// use mynah_wire::{PacketHeader, Scanner};
///
/// let mut scanner = Scanner::<PacketHeader>::new();
/// let mut commands = Vec::new();
/// for mut piece in [&b"\x09\0\0\0\x03sele"[..], b"ct 1\x01\0\0", b"\0\x0e"] {
///     while let Some(part) = scanner.next(&mut piece) {
///         if part.offset == 0 {
///             commands.push((part.header.len, part.payload[0]));
///         }
///     }
/// }
/// assert_eq!(commands, [(9, 0x03), (1, 0x0e)]);
/// ```
#[derive(Clone, Debug)]
pub struct Scanner<H> {
    /// The header of the current payload, and how many bytes of the payload have passed.
    begun: Option<(H, usize)>,
    /// The first bytes of a header that ends in a later piece.
    split: [u8; MAX_HEADER_LEN],
    split_len: usize,
}

/// A part of a payload that passes a [`Scanner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a, H> {
    /// The header of the payload that this part belongs to.
    pub header: H,
    /// How many bytes of this header's payload have passed before this part; 0 for its first part, also in a packet
    /// that continues a message.
    pub offset: usize,
    /// The bytes of this part. Empty only if the whole payload is.
    pub payload: &'a [u8],
    /// Whether this part is the last of its header's payload, even if the message continues in the next packet.
    pub is_last: bool,
}

impl<H> Default for Scanner<H> {
    fn default() -> Self {
        Self {
            begun: None,
            split: [0; MAX_HEADER_LEN],
            split_len: 0,
        }
    }
}

impl<H: Header> Scanner<H> {
    /// A scanner that expects a header next.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a header or a payload has begun that hasn't ended.
    #[must_use]
    #[inline]
    pub fn is_inside(&self) -> bool {
        self.begun.is_some() || self.split_len > 0
    }

    /// How many bytes have passed since the last payload ended, with those of the header.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.begun
            .map_or(self.split_len, |(_, passed)| H::LEN + passed)
    }

    /// Takes the next part of a payload from the current piece of the stream, up to the payload's
    /// end; `None` when the piece is used up.
    #[inline]
    pub fn next<'a>(&mut self, piece: &mut &'a [u8]) -> Option<Part<'a, H>> {
        // Nearly all messages are in one piece, for which nothing is kept.
        if !self.is_inside()
            && let Some((header, payload)) = H::cut(piece)
        {
            return Some(Part {
                header,
                offset: 0,
                payload,
                is_last: true,
            });
        }
        self.next_of_several(piece)
    }

    /// The slow path: the payload or its header lies in several pieces.
    fn next_of_several<'a>(&mut self, piece: &mut &'a [u8]) -> Option<Part<'a, H>> {
        let (header, offset) = match self.begun {
            Some(begun) => begun,
            None => {
                let begun = (self.header(piece)?, 0);
                *self.begun.insert(begun)
            }
        };
        // A part never crosses the end of a payload: what follows in the piece is the next header.
        let left = header.payload_len().saturating_sub(offset);
        // A payload of length 0 is complete at once, even at the end of the piece.
        if left > 0 && piece.is_empty() {
            return None;
        }
        let (payload, rest) = piece.split_at(left.min(piece.len()));
        *piece = rest;
        let is_last = payload.len() == left;
        self.begun = (!is_last).then_some((header, offset + payload.len()));
        Some(Part {
            header,
            offset,
            payload,
            is_last,
        })
    }

    /// Reads the header, which may have begun in an earlier piece, or may end in a later one.
    fn header(&mut self, piece: &mut &[u8]) -> Option<H> {
        // A header may be cut as well: its bytes are collected in `split`.
        let free = self.split.get_mut(self.split_len..H::LEN)?;
        let (part, rest) = piece.split_at(free.len().min(piece.len()));
        for (place, byte) in free.iter_mut().zip(part) {
            *place = *byte;
        }
        self.split_len += part.len();
        *piece = rest;
        // `None` until the header is complete; its bytes stay in `split` for the next piece.
        let (header, _) = H::split(self.split.get(..self.split_len)?)?;
        self.split_len = 0;
        Some(header)
    }
}
