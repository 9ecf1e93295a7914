#![doc = include_str!("../README.md")]

mod asks;
mod autocommit;
mod classic;
mod deciding;
mod effects;
mod gate;
mod kind;
mod replay;
mod standing;
mod unplayed;
mod x;

pub use replay::Replay;
