//! The PROXY protocol, by which a load balancer reports the client's address.

mod header;
mod senders;

pub use header::ProxyVersion;
pub(crate) use header::{Ends, Introduction, cut};
pub use senders::{NotSenders, ProxySenders};
