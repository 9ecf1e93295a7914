//! Follows a connection as a third party that sees both directions: takes bytes, returns events.

mod answer;
mod classic;
mod command;
mod error;
mod event;
mod given;
mod identity;
mod message;
mod observer;
mod side;
mod statements;
mod timing;
mod use_statement;
mod waiting;
mod x;

pub use answer::{Answer, Outcome};
pub use command::{Command, CommandKind};
pub use error::{Loss, ServerError};
pub use event::{Compression, Event, LoginAttempt};
pub use given::{Given, LeftOut};
pub use message::{Message, MessageKind, What};
pub use observer::Observer;
pub use side::Direction;
pub use statements::{Executed, Statement};
pub use timing::Timing;
pub use x::in_words;

/// Which events an [`Observer`] reports, and how much it keeps in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether there is an event for every message, and not only for logins, commands and answers.
    pub messages: bool,
    /// The most bytes of one message to keep, and of all commands that wait for their answers; 16 MiB by default.
    /// Longer messages are cut off there, and the rest is only counted; a command that exceeds the sum is kept without
    /// its message.
    pub max_held: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            messages: false,
            max_held: 16 * 1024 * 1024,
        }
    }
}
