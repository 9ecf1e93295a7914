#![doc = include_str!("../README.md")]

mod check;
mod fixture;
pub mod hex;
mod messages;
mod tap;

pub mod servers;

pub use check::{check, check_recorded, check_recorded_longer};
pub use fixture::{
    Direction, Fixture, FixtureError, FixtureErrorKind, Line, fixtures, fixtures_folder,
};
pub use tap::{Recording, Tap, TapError};
