use std::cell::RefCell;

use bytes::BytesMut;

/// Buffers that the sessions of a thread share. A session that waits for its client has none.
#[derive(Debug, Default)]
pub(crate) struct Buffers(RefCell<Vec<BytesMut>>);

impl Buffers {
    /// An empty buffer.
    pub(crate) fn take(&self) -> BytesMut {
        self.0
            .borrow_mut()
            .pop()
            .unwrap_or_else(|| BytesMut::with_capacity(CAPACITY))
    }

    /// Takes a buffer back. It is kept unless there are enough, or an unusual session has made it
    /// large.
    pub(crate) fn give(&self, mut buffer: BytesMut) {
        let mut free = self.0.borrow_mut();
        if free.len() < MAX_FREE && buffer.capacity() <= MAX_CAPACITY {
            buffer.clear();
            free.push(buffer);
        }
    }
}

const CAPACITY: usize = 16 * 1024;
/// A larger buffer isn't kept.
const MAX_CAPACITY: usize = 128 * 1024;
const MAX_FREE: usize = 32;
