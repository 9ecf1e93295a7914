use bytes::Bytes;

use crate::observe::Direction;

/// Splits the input of a fuzz target into what both sides send: each piece is a byte for the sender and the length,
/// and the bytes.
pub fn cut(data: &[u8]) -> impl Iterator<Item = (Direction, Bytes)> + '_ {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (&head, after) = rest.split_first()?;
        let direction = if head & 0x80 == 0 {
            Direction::Client
        } else {
            Direction::Server
        };
        let len = usize::from(head & 0x7f).min(after.len());
        let (piece, after) = after.split_at(len);
        rest = after;
        Some((direction, Bytes::copy_from_slice(piece)))
    })
}
