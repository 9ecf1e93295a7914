use std::sync::Arc;

use bytes::Bytes;

/// A connection through the proxy, with the facts that are known at the time of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The id of the connection in the proxy, from 1.
    pub id: u32,
    /// The client's address, as text; from the header of the PROXY protocol, if there is one.
    pub client: String,
    /// The address of the load balancer from whose PROXY protocol header the client's address was read; `None` if none
    /// was read.
    pub via: Option<String>,
    /// The proxy's address that the client connected to.
    pub listener: Arc<str>,
    /// The address of the server that the connection is forwarded to. If none of several upstreams can be used, their
    /// addresses, separated by commas.
    pub server: Arc<str>,
    /// The name of the user; empty as long as it isn't known.
    pub user: Bytes,
    /// The schema in use; empty if there is none, or it isn't known.
    pub schema: Bytes,
}
