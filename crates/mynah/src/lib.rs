#![doc = include_str!("../README.md")]

mod error;
mod server;
mod service;

pub use error::StartError;
pub use server::{MockServer, Options};
