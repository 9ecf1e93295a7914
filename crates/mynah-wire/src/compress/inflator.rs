use std::io::Read;

use bytes::{Bytes, BytesMut};
use flate2::bufread::ZlibDecoder;

use super::{Algorithm, CompressError, Frame, FrameErrorKind};

/// Makes the byte stream of packets out of frames.
#[derive(Debug)]
pub struct Inflator {
    algorithm: Algorithm,
    next_sequence_id: u8,
}

impl Inflator {
    /// An inflator that expects sequence id 0.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            next_sequence_id: 0,
        }
    }

    /// The sequence id that the next frame of the exchange has, whoever sends it.
    #[must_use]
    pub fn next_sequence_id(&self) -> u8 {
        self.next_sequence_id
    }

    /// Says which sequence id comes next: 0 where a command starts, or the one after the last
    /// frame sent the other way.
    pub fn expect_sequence_id(&mut self, next: u8) {
        self.next_sequence_id = next;
    }

    /// Takes the next frame of the exchange, and appends what it carries to `plain`.
    ///
    /// No frame inflates to more than its header says, nor than 2²⁴−1 bytes, and a header alone
    /// allocates nothing.
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

    /// Appends what a frame carries to `plain`, whatever its sequence id.
    ///
    /// # Errors
    /// [`FrameErrorKind::Inflate`] and [`FrameErrorKind::Length`]; `plain` is then as it was.
    pub fn inflate(&self, frame: &Frame, plain: &mut BytesMut) -> Result<(), CompressError> {
        let start = plain.len();
        let inflated = self.inflate_frame(frame, plain);
        if inflated.is_err() {
            plain.truncate(start);
        }
        inflated.map_err(|kind| error(frame, kind))
    }

    fn inflate_frame(&self, frame: &Frame, plain: &mut BytesMut) -> Result<(), FrameErrorKind> {
        let said = frame.uncompressed_len as usize;
        if said == 0 {
            plain.extend_from_slice(&frame.payload);
            return Ok(());
        }
        let payload: &Bytes = &frame.payload;
        match self.algorithm {
            Algorithm::Zlib => read_exactly(ZlibDecoder::new(&payload[..]), said, plain),
            Algorithm::Zstd(_) => {
                let decoder = zstd::stream::read::Decoder::with_buffer(&payload[..]);
                read_exactly(decoder.map_err(FrameErrorKind::Inflate)?, said, plain)
            }
        }
    }
}

/// Reads all there is, which has to be `said` bytes.
fn read_exactly(
    mut inflated: impl Read,
    said: usize,
    plain: &mut BytesMut,
) -> Result<(), FrameErrorKind> {
    let mut found = 0;
    let mut chunk = [0; CHUNK];
    loop {
        match inflated.read(&mut chunk) {
            Ok(0) if found == said => return Ok(()),
            Ok(0) => return Err(FrameErrorKind::Length { said, found }),
            Ok(len) if found + len > said => {
                let found = said + 1;
                return Err(FrameErrorKind::Length { said, found });
            }
            Ok(len) => {
                found += len;
                plain.extend_from_slice(chunk.get(..len).unwrap_or_default());
            }
            Err(source) => return Err(FrameErrorKind::Inflate(source)),
        }
    }
}

fn error(frame: &Frame, kind: FrameErrorKind) -> CompressError {
    CompressError {
        sequence_id: frame.sequence_id,
        kind,
    }
}

/// How much is inflated at once.
const CHUNK: usize = 16 * 1024;
