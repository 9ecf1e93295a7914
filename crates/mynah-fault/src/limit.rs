use crate::frames::Frames;
use crate::rows::Rows;
use crate::{Framing, Limit};

/// Lets a part of an answer pass.
#[derive(Debug)]
pub(crate) struct Limiter(Counted);

#[derive(Debug)]
enum Counted {
    /// Everything passes.
    All,
    Bytes(u64),
    Packets(u64, Frames),
    Rows(u64, Frames, Rows),
}

impl Limiter {
    pub(crate) fn new(limit: Option<Limit>, framing: Framing) -> Self {
        let frames = Frames::new(framing);
        Self(match limit {
            None => Counted::All,
            Some(Limit::Bytes(bytes)) => Counted::Bytes(bytes),
            Some(Limit::Packets(packets)) => Counted::Packets(packets, frames),
            Some(Limit::Rows(rows)) => Counted::Rows(rows.get(), frames, Rows::default()),
        })
    }

    /// Whether nothing more passes.
    pub(crate) fn is_reached(&self) -> bool {
        match self.0 {
            Counted::All => false,
            Counted::Bytes(left) | Counted::Packets(left, _) | Counted::Rows(left, ..) => left == 0,
        }
    }

    /// The bytes of `piece` that pass.
    pub(crate) fn pass<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        if self.is_reached() {
            return &[];
        }
        let mut rest = piece;
        match &mut self.0 {
            Counted::All => return piece,
            Counted::Bytes(left) => {
                let passed = usize::try_from(*left).unwrap_or(usize::MAX);
                let passed = piece.get(..passed).unwrap_or(piece);
                *left = left.saturating_sub(passed.len() as u64);
                return passed;
            }
            Counted::Packets(left, frames) => {
                while *left > 0
                    && let Some(part) = frames.next(&mut rest)
                {
                    *left -= u64::from(part.is_last);
                }
            }
            Counted::Rows(left, frames, rows) => {
                while *left > 0
                    && let Some(part) = frames.next(&mut rest)
                {
                    *left -= u64::from(rows.ends_row(&part));
                }
            }
        }
        piece.get(..piece.len() - rest.len()).unwrap_or_default()
    }
}
