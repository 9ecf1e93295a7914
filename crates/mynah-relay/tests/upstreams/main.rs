//! Routes with several upstreams, over both protocols: fail-over, round robin, checks, limits, draining.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod checks;
mod drain;
mod fail_over;
mod limits;
mod places;
mod protocols;
mod proxy_protocol;
mod recovery;
mod scene;
mod silent;
mod tls;

#[path = "../support/mod.rs"]
mod support;
