//! The tests of scripts, run again with a context for each session.

#![allow(
    clippy::duplicate_mod,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic; and each brings its helpers"
)]

#[path = "answers.rs"]
mod answers;
#[path = "call.rs"]
mod call;
#[path = "duktape.rs"]
mod duktape;
#[path = "environment.rs"]
mod environment;
#[path = "fixtures.rs"]
mod fixtures;
#[path = "guide.rs"]
mod guide;
#[path = "handshake.rs"]
mod handshake;
#[path = "helper_modules.rs"]
mod helper_modules;
#[path = "limits.rs"]
mod limits;
#[path = "loading.rs"]
mod loading;
#[path = "modules.rs"]
mod modules;
#[path = "notices.rs"]
mod notices;
#[path = "results.rs"]
mod results;
#[path = "sharing.rs"]
mod sharing;
#[path = "statements.rs"]
mod statements;
#[path = "threads.rs"]
mod threads;
