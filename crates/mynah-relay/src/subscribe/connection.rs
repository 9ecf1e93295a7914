use bytes::Bytes;

/// A connection through the proxy, as far as it is known at an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// Its number, from 1.
    pub id: u32,
    /// The address of the client.
    pub client: String,
    /// The load balancer that has brought it, if there is one.
    pub via: Option<String>,
    /// The address that it came in at.
    pub listener: String,
    /// The address of its server.
    pub server: String,
    /// The user, once the client has named it.
    pub user: Bytes,
    /// The schema that the session has; empty if there is none.
    pub schema: Bytes,
}
