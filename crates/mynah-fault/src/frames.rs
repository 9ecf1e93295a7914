use mynah_wire::{PacketHeader, Part, Scanner};
use mynah_x::FrameHeader;

/// How the bytes of an answer are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// The bytes are packets of the classic protocol.
    Classic,
    /// The bytes are messages of the X Protocol.
    X,
}

/// Follows the boundaries of packets or messages.
#[derive(Debug)]
pub(crate) enum Frames {
    Classic(Scanner<PacketHeader>),
    X(Scanner<FrameHeader>),
}

/// A part of a packet, or of a message with its type.
pub(crate) struct FramePart<'a> {
    /// The sequence id of a packet.
    pub(crate) sequence_id: Option<u8>,
    /// The length in the header.
    pub(crate) len: usize,
    pub(crate) offset: usize,
    pub(crate) payload: &'a [u8],
    pub(crate) is_last: bool,
}

impl Frames {
    pub(crate) fn new(framing: Framing) -> Self {
        match framing {
            Framing::Classic => Self::Classic(Scanner::new()),
            Framing::X => Self::X(Scanner::new()),
        }
    }

    /// The next part of `piece`, as [`Scanner::next`] has it.
    pub(crate) fn next<'a>(&mut self, piece: &mut &'a [u8]) -> Option<FramePart<'a>> {
        match self {
            Self::Classic(scanner) => {
                let part = scanner.next(piece)?;
                let PacketHeader { sequence_id, len } = part.header;
                Some(FramePart::new(&part, Some(sequence_id), len))
            }
            Self::X(scanner) => {
                let part = scanner.next(piece)?;
                let len = usize::try_from(part.header.len).unwrap_or(usize::MAX);
                Some(FramePart::new(&part, None, len))
            }
        }
    }
}

impl<'a> FramePart<'a> {
    fn new<H>(part: &Part<'a, H>, sequence_id: Option<u8>, len: usize) -> Self {
        Self {
            sequence_id,
            len,
            offset: part.offset,
            payload: part.payload,
            is_last: part.is_last,
        }
    }
}
