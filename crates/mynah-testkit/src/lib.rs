#![doc = include_str!("../README.md")]

mod check;
mod corpus;
mod fixture;
pub mod hex;
mod messages;
mod options;
mod pages;
mod s_client;
mod tap;
mod x_client;

pub mod servers;

pub use check::{Checked, check, check_json, check_recorded, check_recorded_longer};
pub use corpus::{FuzzTarget, replay_corpora};
pub use fixture::{
    Direction, Fixture, FixtureError, FixtureErrorKind, Line, fixtures, fixtures_folder,
};
pub use options::{check_commands, check_program};
pub use pages::{Block, Page, repository, repository_files};
pub use s_client::s_client;
pub use tap::{Recording, Tap, TapError};
pub use x_client::XClient;
