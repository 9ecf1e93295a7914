#![doc = include_str!("../README.md")]

mod drive;
mod error;
mod listener;
mod patience;
mod server;
mod service;
mod workers;

pub use error::NetError;
pub use listener::Listener;
pub use server::{Server, ServerOptions};
pub use service::{Service, Worker};
