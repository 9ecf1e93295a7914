//! Bounds the memory for messages of clients.

use std::io::{Error, Result};
use std::sync::Arc;

use mynah_wire::compress::FrameHeader;
use mynah_wire::{Header, MAX_PAYLOAD_LEN, PacketHeader};
use mynah_x::FrameHeader as XFrameHeader;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Memory that the large messages of all clients share. A clone is a handle to the same memory.
///
/// Each session reserves memory once per message, by the length that the message announces, before
/// it reads the rest. Requests are served in order. So no session holds a part of its memory while
/// it waits for more, and none can deadlock.
#[derive(Clone, Debug)]
pub(crate) struct InputMemory {
    units: Arc<Semaphore>,
    all: u32,
}

/// The memory reserved for a message, until this is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    _units: OwnedSemaphorePermit,
}

impl InputMemory {
    pub(crate) fn new(bytes: usize) -> Self {
        let all = units(bytes);
        let units = Arc::new(Semaphore::new(all as usize));
        Self { units, all }
    }

    /// Reserves memory for a message of so many bytes, once it is free; for a larger message than
    /// the total, all of it.
    pub(super) async fn take(&self, bytes: usize) -> Result<Taken> {
        let units = Arc::clone(&self.units);
        // The semaphore is fair: a large message isn't overtaken by small ones for ever.
        let taken = units.acquire_many_owned(units_of(bytes, self.all)).await;
        let taken = taken.map(|_units| Taken { _units });
        taken.map_err(Error::other)
    }
}

/// Whether memory is reserved for a message of so many bytes: most are too small to matter.
pub(super) fn is_counted(bytes: usize) -> bool {
    bytes > SMALL
}

/// How many bytes a message may take whose first packet has this header. A full packet is continued
/// by the next one, so it announces as much as the limit allows.
pub(super) fn announced(input: &[u8], limit: usize) -> usize {
    PacketHeader::split(input).map_or(0, |(header, _)| match header.is_continued() {
        true => limit.max(MAX_PAYLOAD_LEN),
        false => header.len,
    })
}

/// How many bytes a compressed frame with this header takes, together with its content.
pub(super) fn announced_by_frame(received: &[u8]) -> usize {
    FrameHeader::split(received).map_or(0, |(header, _)| {
        header.len + header.uncompressed_len as usize
    })
}

/// How many bytes a frame of the X Protocol with this length takes.
pub(super) fn announced_by_x(input: &[u8], limit: usize) -> usize {
    XFrameHeader::split(input).map_or(0, |(header, _)| header.payload_len().min(limit))
}

fn units(bytes: usize) -> u32 {
    let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(MOST);
    units.clamp(1, MOST)
}

fn units_of(bytes: usize, all: u32) -> u32 {
    units(bytes).min(all)
}

/// Messages up to this size aren't counted.
const SMALL: usize = 64 * 1024;
/// The unit of counting in bytes.
const UNIT: usize = 1024;
/// More units than a process can have memory for: 2 TiB.
const MOST: u32 = 1 << 31;

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    fn take(memory: &InputMemory, bytes: usize) -> Taken {
        match poll(memory.take(bytes)) {
            Poll::Ready(taken) => taken.unwrap(),
            Poll::Pending => panic!("{bytes} bytes are waited for"),
        }
    }

    #[test]
    fn a_message_beyond_the_limit_waits_for_another_to_end() {
        let memory = InputMemory::new(300 * 1024);
        let first = take(&memory, 200 * 1024);
        let second = take(&memory, 100 * 1024);
        assert!(poll(memory.take(SMALL + 1)).is_pending());
        drop(second);
        let _third = take(&memory, 100 * 1024);
        drop(first);
    }

    #[test]
    fn a_message_larger_than_the_limit_takes_all_of_it() {
        let memory = InputMemory::new(100 * 1024);
        let all = take(&memory, 1 << 30);
        assert!(poll(memory.take(SMALL + 1)).is_pending());
        drop(all);
        let _all = take(&memory, 1 << 30);
    }

    #[test]
    fn only_large_messages_are_counted() {
        assert!(!is_counted(SMALL));
        assert!(is_counted(SMALL + 1));
    }

    #[test]
    fn headers_say_how_much_is_needed() {
        assert_eq!(announced(b"\x05\0", 1000), 0);
        assert_eq!(announced(b"\0\0\x10\0", 1000), 1 << 20);
        assert_eq!(announced(b"\xff\xff\xff\0", 64 << 20), 64 << 20);
        assert_eq!(announced_by_frame(b"\x10\0\0\0\0\0\x01"), 16 + (1 << 16));
        assert_eq!(announced_by_x(b"\xff\xff\xff\xff", 1000), 1000);
        assert_eq!(announced_by_x(b"\x10\0\0\0", 1000), 16);
    }
}
