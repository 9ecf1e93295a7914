//! The classic protocol: both sides of a connection, and what they have in common.

pub mod client;
mod packet_exchange;
mod part;
mod response;
pub mod server;

pub use part::Part;
pub use response::Response;
