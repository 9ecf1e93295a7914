//! What the fuzz targets do with bytes, so that an ordinary test can replay their corpora.
//!
//! These functions panic when what they say doesn't hold, as a test does.

mod answers;
mod client;
mod driven;
mod observe;
mod observe_x;
mod pieces;
mod secrets;
mod server;
mod server_x;

pub use client::client;
pub use observe::{observe, shown};
pub use observe_x::observe_x;
pub use pieces::cut;
pub use secrets::secrets;
pub use server::server;
pub use server_x::server_x;
