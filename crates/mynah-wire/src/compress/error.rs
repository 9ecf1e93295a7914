use std::io;

use thiserror::Error;

/// Why a frame of the compressed protocol is refused.
#[derive(Debug, Error)]
#[error("compressed frame {sequence_id}")]
pub struct CompressError {
    /// The [sequence id](super::Frame::sequence_id) of the refused frame.
    pub sequence_id: u8,
    /// Why the frame is refused.
    #[source]
    pub kind: FrameErrorKind,
}

/// Why a frame of the compressed protocol is refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// The frame's sequence id isn't the next one.
    #[error("expected sequence id {expected}")]
    OutOfOrder {
        /// The sequence id that the next frame must have.
        expected: u8,
    },
    /// The payload isn't a valid or complete stream of the connection's algorithm, or the algorithm can't be set up.
    /// With zstd also if bytes follow the stream, or if it inflates to more than the header states without saying so.
    #[error("the payload can't be inflated")]
    Inflate(#[source] io::Error),
    /// The payload is compressed by an algorithm whose feature of this crate is off: `compress-zlib` or
    /// `compress-zstd`.
    #[error("the payload is compressed, and the feature for it isn't built in")]
    NotBuilt,
    /// The payload inflates to another length than the header states.
    #[error("inflates to {found}, its header says {said} bytes")]
    Length {
        /// The length in the header, in bytes.
        said: usize,
        /// The length that the payload inflates to, in bytes; one more than the header states stands for any
        /// greater length.
        found: usize,
    },
    /// Bytes follow the zlib stream in the payload; with zstd, such bytes are an error of another kind.
    #[error("{left} bytes left over after the compressed ones")]
    Trailing {
        /// How many bytes follow the compressed stream.
        left: usize,
    },
}
