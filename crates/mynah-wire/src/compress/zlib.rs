use std::io;

use bytes::BytesMut;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::{FrameErrorKind, grow};

/// Inflates payloads of zlib.
#[derive(Default)]
pub(super) struct Inflate(Option<Decompress>);

/// Deflates payloads with zlib.
#[derive(Default)]
pub(super) struct Deflate(Option<Compress>);

impl Inflate {
    pub(super) fn inflate(
        &mut self,
        payload: &[u8],
        said: usize,
        plain: &mut BytesMut,
    ) -> Result<(), FrameErrorKind> {
        let zlib = self.0.get_or_insert_with(|| Decompress::new(true));
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
}

impl Deflate {
    /// Appends the compressed part to `to`, without growing it; returns whether it fit.
    pub(super) fn deflate(&mut self, part: &[u8], level: u8, to: &mut Vec<u8>) -> io::Result<bool> {
        let new = || Compress::new(Compression::new(level.into()), true);
        let zlib = self.0.get_or_insert_with(new);
        // Each frame is compressed on its own; the compressor is only reused for its memory.
        zlib.reset();
        let status = zlib.compress_vec(part, to, FlushCompress::Finish)?;
        Ok(status == Status::StreamEnd)
    }
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

/// The most bytes that one byte of zlib data can inflate to: 258 bytes take two bits.
const ZLIB_RATIO: usize = 1032;
