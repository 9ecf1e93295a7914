use std::io;

use bytes::BytesMut;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::get_frame_content_size;

use super::{FrameErrorKind, grow};

/// Inflates payloads of zstd.
#[derive(Default)]
pub(super) struct Inflate(Option<Decompressor<'static>>);

/// Deflates payloads with zstd.
#[derive(Default)]
pub(super) struct Deflate(Option<Compressor<'static>>);

impl Inflate {
    /// Inflates the payload in one call: piece by piece, zstd allocates the window that the payload
    /// demands, up to 128 MiB.
    pub(super) fn inflate(
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
        let zstd = match &mut self.0 {
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

impl Deflate {
    /// Appends the compressed part to `to`, without growing it; returns whether it fit.
    pub(super) fn deflate(&mut self, part: &[u8], level: u8, to: &mut Vec<u8>) -> io::Result<bool> {
        let zstd = match &mut self.0 {
            Some(zstd) => zstd,
            none => none.insert(Compressor::new(level.into())?),
        };
        Ok(zstd.compress_to_buffer(part, to).is_ok())
    }
}

/// The shortest block of zstd data: a header of three bytes, and one byte that is repeated.
const ZSTD_SMALLEST_BLOCK: usize = 4;

const ZSTD_LARGEST_BLOCK: usize = 128 * 1024;
