use std::io;

use thiserror::Error;

/// Why a frame can't be what its sender meant.
#[derive(Debug, Error)]
#[error("compressed frame {sequence_id}")]
pub struct CompressError {
    /// The frame's sequence id.
    pub sequence_id: u8,
    /// What is wrong with it.
    #[source]
    pub kind: FrameErrorKind,
}

/// What is wrong with a frame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// A frame came with another sequence id than the next one.
    #[error("expected sequence id {expected}")]
    OutOfOrder {
        /// The sequence id that is due.
        expected: u8,
    },
    /// The payload is no zlib or zstd stream.
    #[error("the payload can't be inflated")]
    Inflate(#[source] io::Error),
    /// The payload inflates to another length than the header says.
    #[error("inflates to {found}, its header says {said} bytes")]
    Length {
        /// What the header says.
        said: usize,
        /// What was found; one more than the header says stands for any greater length.
        found: usize,
    },
    /// The payload goes on after what it inflates from.
    #[error("{left} bytes left over after the compressed ones")]
    Trailing {
        /// How many bytes nothing read.
        left: usize,
    },
}
