#![doc = include_str!("../README.md")]

mod classic;
mod deciding;
mod gate;
mod kind;
mod replay;
mod standing;
mod x;

pub use replay::Replay;
