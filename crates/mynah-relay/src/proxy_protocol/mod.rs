//! The PROXY protocol, by which a load balancer says whose connection it passes on.

mod header;
mod senders;

pub use header::ProxyVersion;
pub(crate) use header::{Ends, Introduction, cut};
pub use senders::{NotSenders, ProxySenders};
