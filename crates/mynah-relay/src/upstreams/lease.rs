use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::Upstreams;

/// An upstream that was chosen for a connection, and counts it until this is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    upstreams: Upstreams,
    upstream: usize,
    connection: u32,
    /// When the upstream was chosen.
    chosen: Instant,
    /// Cancelled when the connection is to be closed, because its upstream is drained.
    closing: CancellationToken,
}

impl Lease {
    /// Chooses an upstream for a connection that has tried these already; `None` if there is none.
    pub(crate) fn choose(
        upstreams: &Upstreams,
        route: usize,
        tried: &[usize],
        connection: u32,
    ) -> Option<Self> {
        let chosen = Instant::now();
        let (upstream, closing) = upstreams.choose(route, tried, connection, chosen)?;
        Some(Self {
            upstreams: upstreams.clone(),
            upstream,
            connection,
            chosen,
            closing,
        })
    }

    /// The number of the upstream.
    pub(crate) fn upstream(&self) -> usize {
        self.upstream
    }

    /// The upstream serves the connection by one of the protocols.
    pub(crate) fn note_reached(&self, is_x: bool) {
        self.upstreams.note_reached(self.upstream, is_x);
    }

    /// The upstream can't serve the connection. If `is_down`, it gets no other either.
    pub(crate) fn note_failed(&self, is_down: bool, why: &str) {
        let (upstream, chosen) = (self.upstream, self.chosen);
        self.upstreams.note_failed(upstream, is_down, why, chosen);
    }

    /// The upstream has ended the connection, though its client hadn't: it may be gone.
    pub(crate) fn note_lost(&self) {
        self.upstreams.suspect(self.upstream);
    }

    /// The upstream doesn't answer the connection: it may hang.
    pub(crate) fn note_silent(&self) {
        self.upstreams.suspect(self.upstream);
    }

    /// How long ago the upstream was chosen.
    pub(crate) fn age(&self) -> Duration {
        self.chosen.elapsed()
    }

    /// Returns when the connection is to be closed, because its upstream is drained.
    pub(crate) async fn closing(&self) {
        self.closing.cancelled().await;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.upstreams.release(self.upstream, self.connection);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::upstreams::Members;
    use crate::{Protocol, UpstreamOptions, UpstreamPolicy};

    #[test]
    fn the_end_of_a_drain_closes_connections_only_as_long_as_they_have_this_upstream() {
        let mut members = Members::new(&UpstreamOptions::default());
        let listener: Arc<str> = "127.0.0.1:3".into();
        let numbers = ["127.0.0.1:1", "127.0.0.1:2"].map(|address| {
            let address = address.parse().unwrap();
            let added = members.add(&address, Protocol::Classic, &listener);
            added.unwrap()
        });
        let route = members.add_route(UpstreamPolicy::FirstAvailable, numbers.into());
        let upstreams = members.upstreams().unwrap();
        let (failed, other) = (
            Lease::choose(&upstreams, route, &[], 1).unwrap(),
            Lease::choose(&upstreams, route, &[], 2).unwrap(),
        );
        upstreams.drain(numbers[0], Some(Duration::ZERO));
        upstreams.close_drained();
        assert!(failed.closing.is_cancelled() && other.closing.is_cancelled());
        drop(failed);
        let next = Lease::choose(&upstreams, route, &[numbers[0]], 1).unwrap();
        assert!(!next.closing.is_cancelled());
        // The connections of the time before are closed, and further ones are not.
        upstreams.undrain(numbers[0]);
        assert!(other.closing.is_cancelled());
        let back = Lease::choose(&upstreams, route, &[], 3).unwrap();
        assert!(!back.closing.is_cancelled());
    }
}
