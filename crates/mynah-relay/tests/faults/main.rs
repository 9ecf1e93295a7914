//! Faults on purpose, by rules: what the client sees, what reaches the server, and what the trace says.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod http;
mod pipelined;
mod played;
mod real_servers;
mod run_time;
mod scene;
mod traced;
mod unread;
mod x_messages;

#[path = "../support/mod.rs"]
mod support;
