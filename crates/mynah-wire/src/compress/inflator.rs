use std::{fmt, io};

use bytes::BytesMut;
use flate2::{Decompress, FlushDecompress, Status};
use zstd::bulk::Decompressor;
use zstd::zstd_safe::get_frame_content_size;

use super::{Algorithm, CompressError, Frame, FrameErrorKind};

/// Decompresses frames into the byte stream that packets are cut from.
///
/// The decompressor's memory is allocated by the first compressed frame and kept for the next.
pub struct Inflator {
    algorithm: Algorithm,
    next_sequence_id: u8,
    zlib: Option<Decompress>,
    zstd: Option<Decompressor<'static>>,
}

impl Inflator {
    /// An inflator that expects sequence id 0.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            next_sequence_id: 0,
            zlib: None,
            zstd: None,
        }
    }

    /// The sequence id of the next frame of the exchange, in either direction.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Sets the sequence id that comes next: 0 where a command starts, or the one after the last
    /// frame sent in the other direction.
    pub fn expect_sequence_id(&mut self, next: u8) {
        self.next_sequence_id = next;
    }

    /// Takes the next frame of the exchange, and appends what it carries to `plain`.
    ///
    /// No frame inflates to more than its header states, nor to more than 2²⁴−1 bytes. A header's
    /// length allocates no more than the payload that came with it can inflate to.
    ///
    /// # Errors
    /// [`FrameErrorKind::OutOfOrder`], and as [`inflate`](Self::inflate).
    pub fn push(&mut self, frame: &Frame, plain: &mut BytesMut) -> Result<(), CompressError> {
        let expected = self.next_sequence_id;
        if frame.sequence_id != expected {
            let kind = FrameErrorKind::OutOfOrder { expected };
            return Err(error(frame, kind));
        }
        self.next_sequence_id = expected.wrapping_add(1);
        self.inflate(frame, plain)
    }

    /// Appends what a frame carries to `plain`, without checking its sequence id.
    ///
    /// # Errors
    /// [`FrameErrorKind::Inflate`], [`FrameErrorKind::Length`] and
    /// [`FrameErrorKind::Trailing`]; `plain` is then as it was.
    pub fn inflate(&mut self, frame: &Frame, plain: &mut BytesMut) -> Result<(), CompressError> {
        let said = frame.uncompressed_len as usize;
        // The payload isn't compressed.
        if said == 0 {
            plain.extend_from_slice(&frame.payload);
            return Ok(());
        }
        let start = plain.len();
        let inflated = match self.algorithm {
            Algorithm::Zlib => self.inflate_zlib(&frame.payload, said, plain),
            Algorithm::Zstd(_) => self.inflate_zstd(&frame.payload, said, plain),
        };
        inflated.map_err(|kind| {
            plain.truncate(start);
            error(frame, kind)
        })
    }

    fn inflate_zlib(
        &mut self,
        payload: &[u8],
        said: usize,
        plain: &mut BytesMut,
    ) -> Result<(), FrameErrorKind> {
        let zlib = self.zlib.get_or_insert_with(|| Decompress::new(true));
        zlib.reset(true);
        // The header may claim 16 MiB for a few bytes. No more room is made than the algorithm's best ratio
        // could fill.
        let place = grow(plain, said.min(payload.len().saturating_mul(ZLIB_RATIO)));
        let mut status = run(zlib, payload, place)?;
        if status != Status::StreamEnd {
            // Either `place` is full, or the payload is cut short. Room for one more byte shows
            // which: a payload that fills it is longer than its header states, and one that ends
            // needs no room.
            status = run(zlib, unread(zlib, payload), &mut [0])?;
        }
        let found = usize::try_from(zlib.total_out()).unwrap_or(usize::MAX);
        let left = unread(zlib, payload).len();
        match status {
            _ if found > said => Err(FrameErrorKind::Length { said, found }),
            Status::StreamEnd if found < said => Err(FrameErrorKind::Length { said, found }),
            Status::StreamEnd if left > 0 => Err(FrameErrorKind::Trailing { left }),
            Status::StreamEnd => Ok(()),
            _ => Err(FrameErrorKind::Inflate(io::ErrorKind::UnexpectedEof.into())),
        }
    }

    /// Inflates the payload in one call: piece by piece, zstd allocates the window that the payload
    /// demands, up to 128 MiB.
    fn inflate_zstd(
        &mut self,
        payload: &[u8],
        said: usize,
        plain: &mut BytesMut,
    ) -> Result<(), FrameErrorKind> {
        // The frame's own header has its size: one that is too large is refused before memory is taken.
        if let Ok(Some(most)) = get_frame_content_size(payload)
            && most > said as u64
        {
            let found = said + 1;
            return Err(FrameErrorKind::Length { said, found });
        }
        let zstd = match &mut self.zstd {
            Some(zstd) => zstd,
            none => none.insert(Decompressor::new().map_err(FrameErrorKind::Inflate)?),
        };
        // As for zlib, room is bounded by what so many bytes can inflate to.
        let blocks = payload.len() / ZSTD_SMALLEST_BLOCK;
        let place = grow(plain, said.min(blocks.saturating_mul(ZSTD_LARGEST_BLOCK)));
        match zstd.decompress_to_buffer(payload, place) {
            Ok(found) if found == said => Ok(()),
            Ok(found) => Err(FrameErrorKind::Length { said, found }),
            Err(source) => Err(FrameErrorKind::Inflate(source)),
        }
    }
}

impl fmt::Debug for Inflator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflator")
            .field("algorithm", &self.algorithm)
            .field("next_sequence_id", &self.next_sequence_id)
            .finish_non_exhaustive()
    }
}

/// Appends `len` zero bytes to `plain`, and returns them.
fn grow(plain: &mut BytesMut, len: usize) -> &mut [u8] {
    let start = plain.len();
    plain.resize(start + len, 0);
    plain.get_mut(start..).unwrap_or_default()
}

fn run(zlib: &mut Decompress, payload: &[u8], to: &mut [u8]) -> Result<Status, FrameErrorKind> {
    zlib.decompress(payload, to, FlushDecompress::Finish)
        .map_err(|source| FrameErrorKind::Inflate(source.into()))
}

/// The part of the payload that zlib hasn't read.
fn unread<'a>(zlib: &Decompress, payload: &'a [u8]) -> &'a [u8] {
    let at = usize::try_from(zlib.total_in()).unwrap_or(usize::MAX);
    payload.get(at..).unwrap_or_default()
}

fn error(frame: &Frame, kind: FrameErrorKind) -> CompressError {
    CompressError {
        sequence_id: frame.sequence_id,
        kind,
    }
}

/// The most bytes that one byte of zlib data can inflate to: 258 bytes take two bits.
const ZLIB_RATIO: usize = 1032;

/// The shortest block of zstd data: a header of three bytes, and one byte that is repeated.
const ZSTD_SMALLEST_BLOCK: usize = 4;

const ZSTD_LARGEST_BLOCK: usize = 128 * 1024;
