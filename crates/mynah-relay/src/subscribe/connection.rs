use bytes::Bytes;

/// A connection through the proxy, with the facts that are known at the time of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The id of the connection in the proxy, from 1.
    pub id: u32,
    /// The client's address.
    pub client: String,
    /// The address of the load balancer that forwarded the client, if its PROXY protocol header was read.
    pub via: Option<String>,
    /// The address that the client connected to.
    pub listener: String,
    /// The address of the server.
    pub server: String,
    /// The user's name; empty before the client has sent it.
    pub user: Bytes,
    /// The schema in use; empty if there is none.
    pub schema: Bytes,
}
