use std::fmt;
use std::sync::Arc;

/// What passes between a client and its server, in the order in which it passes. The bytes are without TLS, and may be
/// cut anywhere; if the connection is compressed, they are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Traffic<'a> {
    /// Bytes that the client is about to send.
    Sent(&'a [u8]),
    /// Bytes that the client has received.
    Received(&'a [u8]),
    /// TLS is established: from here on, the bytes were encrypted on their way.
    TlsStarted,
}

/// A function that is called with what passes.
pub type OnTraffic = dyn Fn(Traffic<'_>) + Send + Sync;

/// The function that gets the traffic, if there is one.
#[derive(Clone, Default)]
pub(crate) struct Tap(pub(crate) Option<Arc<OnTraffic>>);

impl Tap {
    pub(crate) fn pass(&self, traffic: Traffic<'_>) {
        if let Some(on_traffic) = &self.0 {
            on_traffic(traffic);
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tap").field(&self.0.is_some()).finish()
    }
}
