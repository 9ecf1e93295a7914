#![doc = include_str!("../README.md")]

mod gate;
mod kind;
mod replay;
mod standing;

pub use replay::Replay;
