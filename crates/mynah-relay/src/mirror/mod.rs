//! A second server gets what clients send to the first one, so that the answers of both can be compared.
//!
//! A [`MirroredConnection`] subscribes to the events of a client's connection. Once the first server has answered a
//! command, it puts the command, with the entry that would be recorded of it, into the queue of a [`lane`]. A thread of
//! its own ([`running`]) sends the commands of each lane to the second server ([`second`]), and records the entries of
//! both answers, in the same order, in two recordings ([`pairs`]), which are compared at the end. The client never waits
//! for the second server.

mod accounts;
mod classic;
mod connection;
mod drive;
mod failure;
mod job;
mod lane;
mod open_lane;
mod options;
mod pairs;
mod running;
mod second;
mod skipped;
mod tally;
mod target;
mod traffic_observer;
mod x;

pub use accounts::MirrorAccounts;
pub(crate) use connection::MirroredConnection;
pub use options::MirrorOptions;
pub use running::Mirror;
pub(crate) use target::MirrorTarget;
