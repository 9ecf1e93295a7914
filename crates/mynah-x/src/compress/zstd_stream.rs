//! zstd, with or without a stream that continues from message to message.

use std::io;

use zstd::bulk;
use zstd::stream::raw::{self, DParameter, Operation};
use zstd::zstd_safe::{find_frame_compressed_size, get_frame_content_size};

use super::pieces::inflate_pieces;

/// A message is either a complete frame, which is inflated at once, or a piece of a stream.
pub(super) struct ZstdStream {
    frames: bulk::Decompressor<'static>,
    stream: raw::Decoder<'static>,
    /// Whether messages are pieces of a stream.
    streams: bool,
}

impl ZstdStream {
    pub(super) fn new() -> io::Result<Self> {
        let mut stream = raw::Decoder::new()?;
        stream.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
        Ok(Self {
            frames: bulk::Decompressor::new()?,
            stream,
            streams: false,
        })
    }

    /// As [`inflate_pieces`], up to one byte more than `len`.
    pub(super) fn inflate(
        &mut self,
        payload: &[u8],
        len: usize,
        plain: &mut Vec<u8>,
    ) -> io::Result<bool> {
        let says_its_size =
            matches!(get_frame_content_size(payload), Ok(Some(said)) if said == len as u64);
        // Once a message was a piece of a stream, all later ones are, too. Their content depends on
        // the earlier ones.
        if !self.streams
            && says_its_size
            && find_frame_compressed_size(payload) == Ok(payload.len())
        {
            *plain = self.frames.decompress(payload, len)?;
            return Ok(true);
        }
        self.streams = true;
        let mut has_ended = false;
        inflate_pieces(payload, len, plain, |input, output| {
            match self.stream.run_on_buffers(input, output) {
                Ok(status) => {
                    has_ended = status.remaining == 0;
                    Ok((status.bytes_read as u64, status.bytes_written as u64))
                }
                // The bytes after a frame aren't another frame.
                Err(_) if has_ended => Ok((0, 0)),
                Err(error) => Err(error),
            }
        })
    }
}

/// The largest window of a stream, as a power of two: 8 MiB, enough for levels up to 19. The sender
/// chooses the window's size, and it is allocated when the stream begins.
const WINDOW_LOG: u32 = 23;
