use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use mynah_classic::Capabilities;

/// The packets of a reply that is given again and again: encoded once, for all who get it, for
/// each set of capabilities that makes a difference. A clone shares them.
///
/// It says nothing of what the reply is, so any two are equal.
#[derive(Clone, Debug, Default)]
pub struct Encodings(Arc<[OnceLock<Bytes>; 4]>);

impl Encodings {
    /// The packets for a client that shares these capabilities, numbered from 1.
    pub(crate) fn get(&self, shared: Capabilities) -> Option<&Bytes> {
        self.slot(shared).get()
    }

    /// Keeps packets that were made for a client with these capabilities, numbered from 1,
    /// unless they are so long that encoding them is the least of the work.
    pub(crate) fn keep(&self, shared: Capabilities, packets: &[u8]) {
        if packets.len() <= LIMIT {
            self.slot(shared)
                .get_or_init(|| Bytes::copy_from_slice(packets));
        }
    }

    fn slot(&self, shared: Capabilities) -> &OnceLock<Bytes> {
        let [neither, tracked, deprecated, both] = &*self.0;
        match (
            shared.contains(Capabilities::DEPRECATE_EOF),
            shared.contains(Capabilities::SESSION_TRACK),
        ) {
            (false, false) => neither,
            (false, true) => tracked,
            (true, false) => deprecated,
            (true, true) => both,
        }
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
