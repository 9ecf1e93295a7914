use std::io;

use thiserror::Error;

/// Why a compressed frame is invalid.
#[derive(Debug, Error)]
#[error("compressed frame {sequence_id}")]
pub struct CompressError {
    /// The [sequence id](super::Frame::sequence_id) that the invalid frame has.
    pub sequence_id: u8,
    /// What is wrong with the frame.
    #[source]
    pub kind: FrameErrorKind,
}

/// What is wrong with a frame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// The frame's sequence id isn't the next one.
    #[error("expected sequence id {expected}")]
    OutOfOrder {
        /// The sequence id that was expected.
        expected: u8,
    },
    /// The payload isn't a zlib or zstd stream.
    #[error("the payload can't be inflated")]
    Inflate(#[source] io::Error),
    /// The feature of the algorithm is off: `compress-zlib` or `compress-zstd`.
    #[error("the payload is compressed, and the feature for it isn't built in")]
    NotBuilt,
    /// The payload inflates to another length than the header states.
    #[error("inflates to {found}, its header says {said} bytes")]
    Length {
        /// The length in the header.
        said: usize,
        /// The length found; one more than the header states stands for any greater length.
        found: usize,
    },
    /// Bytes follow the compressed stream in the payload.
    #[error("{left} bytes left over after the compressed ones")]
    Trailing {
        /// How many bytes follow.
        left: usize,
    },
}
