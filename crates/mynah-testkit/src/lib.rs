#![doc = include_str!("../README.md")]

mod fixture;
pub mod hex;
mod tap;

pub mod servers;

pub use fixture::{
    Direction, Fixture, FixtureError, FixtureErrorKind, Line, fixtures, fixtures_folder,
};
pub use tap::{Recording, Tap, TapError};
