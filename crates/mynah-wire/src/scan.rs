use crate::{HEADER_LEN, MAX_PAYLOAD_LEN};

/// Follows packet boundaries in a byte stream that passes by in pieces, and holds of it no more
/// than a header and the first `N` bytes of a payload.
///
/// For who passes bytes on as they come and wants to know what they are: nothing is copied,
/// joined or allocated, and a piece costs as much as it has headers in it, however long it is.
///
/// ```
/// use mynah_wire::Scanner;
///
/// let mut scanner = Scanner::<1>::new();
/// let mut commands = Vec::new();
/// for piece in [&b"\x09\0\0\0\x03sele"[..], b"ct 1\x01\0\0", b"\0\x0e"] {
///     scanner.scan(piece, |packet| commands.push((packet.start()[0], packet.len)));
/// }
/// assert_eq!(commands, [(0x03, 9), (0x0e, 1)]);
/// ```
#[derive(Clone, Debug)]
pub struct Scanner<const N: usize> {
    packet: ScannedPacket<N>,
    /// How many bytes of the header have passed.
    header: usize,
    /// How many bytes of the payload are still to pass.
    left: usize,
}

/// A packet that passed a [`Scanner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScannedPacket<const N: usize> {
    /// The packet's sequence id.
    pub sequence_id: u8,
    /// Length of its payload.
    pub len: usize,
    /// Where in the stream its header starts, in bytes from where scanning did.
    pub offset: u64,
    first: [u8; N],
}

impl<const N: usize> ScannedPacket<N> {
    /// The payload's first bytes: `N`, or all it has.
    #[must_use]
    pub fn start(&self) -> &[u8] {
        self.first.get(..self.len.min(N)).unwrap_or(&self.first)
    }

    /// Whether the next packet of the same direction continues this one's message.
    #[must_use]
    pub fn is_continued(&self) -> bool {
        self.len == MAX_PAYLOAD_LEN
    }
}

impl<const N: usize> Default for Scanner<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> Scanner<N> {
    /// A scanner at the start of a packet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            packet: ScannedPacket {
                sequence_id: 0,
                len: 0,
                offset: 0,
                first: [0; N],
            },
            header: 0,
            left: 0,
        }
    }

    /// Takes the next piece of the stream, and tells `seen` of each packet whose last byte is in
    /// it.
    pub fn scan(&mut self, piece: &[u8], mut seen: impl FnMut(&ScannedPacket<N>)) {
        let mut rest = piece;
        while !rest.is_empty() {
            if self.header < HEADER_LEN {
                rest = self.read_header(rest);
                if self.header < HEADER_LEN {
                    return;
                }
            }
            let (part, after) = rest.split_at(rest.len().min(self.left));
            if self.packet.len - self.left < N {
                self.keep(part);
            }
            self.left -= part.len();
            rest = after;
            if self.left == 0 {
                seen(&self.packet);
                self.packet.offset += (HEADER_LEN + self.packet.len) as u64;
                self.header = 0;
            }
        }
    }

    /// How many bytes of the packet that has begun have passed, its header among them; 0 between
    /// packets.
    #[must_use]
    pub fn pending(&self) -> usize {
        match self.header {
            HEADER_LEN => HEADER_LEN + self.packet.len - self.left,
            part => part,
        }
    }

    #[inline]
    fn read_header<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        if self.header == 0
            && let Some((&[a, b, c, sequence_id], after)) = piece.split_first_chunk()
        {
            self.header = HEADER_LEN;
            self.packet.len = u32::from_le_bytes([a, b, c, 0]) as usize;
            self.packet.sequence_id = sequence_id;
            self.left = self.packet.len;
            return after;
        }
        self.read_split_header(piece)
    }

    /// Reads a header that began in the piece before, or ends in the next one.
    #[cold]
    fn read_split_header<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let mut rest = piece;
        while let Some((&byte, after)) = rest.split_first()
            && self.header < HEADER_LEN
        {
            match self.header {
                0 => self.packet.len = usize::from(byte),
                1 => self.packet.len |= usize::from(byte) << 8,
                2 => self.packet.len |= usize::from(byte) << 16,
                _ => self.packet.sequence_id = byte,
            }
            self.header += 1;
            rest = after;
        }
        self.left = self.packet.len;
        rest
    }

    /// Keeps what is among the first bytes of the payload.
    #[inline]
    fn keep(&mut self, part: &[u8]) {
        let passed = self.packet.len - self.left;
        let places = self.packet.first.iter_mut().skip(passed);
        for (place, byte) in places.zip(part) {
            *place = *byte;
        }
    }
}
