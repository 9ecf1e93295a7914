use super::Upstreams;

/// An upstream that was chosen for a connection, and counts it until this is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    upstreams: Upstreams,
    upstream: usize,
    connection: u32,
}

impl Lease {
    /// Chooses an upstream for a connection that has tried these already; `None` if there is none.
    pub(crate) fn choose(
        upstreams: &Upstreams,
        route: usize,
        tried: &[usize],
        connection: u32,
    ) -> Option<Self> {
        Some(Self {
            upstream: upstreams.choose(route, tried, connection)?,
            upstreams: upstreams.clone(),
            connection,
        })
    }

    /// The number of the upstream.
    pub(crate) fn upstream(&self) -> usize {
        self.upstream
    }

    /// The upstream serves the connection.
    pub(crate) fn note_reached(&self) {
        self.upstreams.note_reached(self.upstream);
    }

    /// The upstream can't serve the connection. If `is_down`, it gets no other either.
    pub(crate) fn note_failed(&self, is_down: bool, why: &str) {
        self.upstreams.note_failed(self.upstream, is_down, why);
    }

    /// The upstream has ended the connection, though its client hadn't: it may be gone.
    pub(crate) fn note_lost(&self) {
        self.upstreams.note_lost(self.upstream);
    }

    /// Whether the connection is closed because its upstream is drained.
    pub(crate) fn is_closed(&self) -> bool {
        self.upstreams.is_closed(self.upstream)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.upstreams.release(self.upstream, self.connection);
    }
}
