use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use mynah_classic::{Capabilities, StatusFlags};

/// A cache of the packets of a reply that is given many times to clients of the classic protocol. It keeps the packets,
/// of up to 64 KiB together, for each combination of the format of rows and the usual capabilities that change the
/// bytes, with the status flags of the session that was first to need them. A clone shares the cache.
///
/// Two caches are always equal, so that replies can be compared by what they say.
#[derive(Clone, Debug, Default)]
pub struct Encodings(Arc<[OnceLock<Encoding>; 16]>);

/// What is sent in sessions with these status flags.
#[derive(Debug)]
struct Encoding {
    flags: StatusFlags,
    packets: Bytes,
}

impl Encodings {
    /// The packets for a client that shares these capabilities, numbered from 1; rows of typed values
    /// if it is to be `binary`.
    pub(crate) fn get(
        &self,
        shared: Capabilities,
        binary: bool,
        flags: StatusFlags,
    ) -> Option<&Bytes> {
        let kept = self.slot(shared, binary)?.get();
        Some(&kept.filter(|kept| kept.flags == flags)?.packets)
    }

    /// Keeps packets that were made for a client with these capabilities, numbered from 1,
    /// unless they are so long that encoding them is the least of the work.
    pub(crate) fn keep(
        &self,
        shared: Capabilities,
        binary: bool,
        flags: StatusFlags,
        packets: &[u8],
    ) {
        if packets.len() <= LIMIT
            && let Some(slot) = self.slot(shared, binary)
        {
            slot.get_or_init(|| Encoding {
                flags,
                packets: Bytes::copy_from_slice(packets),
            });
        }
    }

    fn slot(&self, shared: Capabilities, binary: bool) -> Option<&OnceLock<Encoding>> {
        if shared.intersects(RARE) {
            return None;
        }
        let has = |capability| usize::from(shared.contains(capability));
        let index = has(Capabilities::DEPRECATE_EOF)
            | has(Capabilities::SESSION_TRACK) << 1
            | usize::from(binary) << 2
            | has(Capabilities::FOUND_ROWS) << 3;
        self.0.get(index)
    }
}

impl PartialEq for Encodings {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Encodings {}

/// How many bytes of packets are kept.
const LIMIT: usize = 64 * 1024;
/// What changes the packets and is shared by few.
const RARE: Capabilities = Capabilities::OPTIONAL_RESULTSET_METADATA
    .union(Capabilities::MARIADB_EXTENDED_METADATA)
    .union(Capabilities::MARIADB_CACHE_METADATA);
