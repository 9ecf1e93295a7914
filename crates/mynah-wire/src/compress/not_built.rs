//! In place of an algorithm whose feature is off: refuses what is compressed with it.

use std::io;

use bytes::BytesMut;

use super::FrameErrorKind;

#[derive(Default)]
pub(super) struct Inflate;

#[derive(Default)]
pub(super) struct Deflate;

impl Inflate {
    pub(super) fn inflate(
        &mut self,
        _payload: &[u8],
        _said: usize,
        _plain: &mut BytesMut,
    ) -> Result<(), FrameErrorKind> {
        Err(FrameErrorKind::NotBuilt)
    }
}

impl Deflate {
    pub(super) fn deflate(
        &mut self,
        _part: &[u8],
        _level: u8,
        _to: &mut Vec<u8>,
    ) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
