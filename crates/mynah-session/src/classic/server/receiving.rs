use bytes::{Bytes, BytesMut};
use mynah_classic::error_code;

use crate::{Failure, LocalFile, LocalInfile};

/// A file of the client of which some has come.
#[derive(Debug)]
pub(super) struct Receiving {
    file: LocalInfile,
    content: BytesMut,
    is_too_long: bool,
}

impl Receiving {
    pub(super) fn new(file: LocalInfile) -> Self {
        Self {
            file,
            content: BytesMut::new(),
            is_too_long: false,
        }
    }

    /// Takes a piece. One that is too long is received to its end, and not kept.
    pub(super) fn add(&mut self, piece: &Bytes) {
        // `content` never exceeds the limit, so this can't be negative. A client can't be stopped while it sends a
        // file: the rest is read and discarded.
        let room = self.file.limit - self.content.len();
        if self.is_too_long || piece.len() > room {
            self.is_too_long = true;
            self.content = BytesMut::new();
        } else {
            self.content.extend_from_slice(piece);
        }
    }

    /// The whole file.
    pub(super) fn finish(self) -> Result<LocalFile, Failure> {
        if self.is_too_long {
            return Err(too_long(&self.file));
        }
        Ok(LocalFile {
            filename: self.file.filename,
            content: self.content.freeze(),
        })
    }
}

fn too_long(file: &LocalInfile) -> Failure {
    let name = String::from_utf8_lossy(&file.filename);
    let limit = file.limit;
    Failure::general(
        error_code::ER_UNKNOWN_ERROR,
        format!("The file '{name}' has more than {limit} bytes"),
    )
}
