#![doc = include_str!("../README.md")]

mod api;
mod body;
mod connections;
mod globals;
mod health;
mod json;
mod media;
mod merge_patch;
mod modified;
mod one_global;
mod reply;
mod resource;
mod server;

pub use server::{RestListener, RestServer};
