//! Follows a connection from its middle: bytes of both directions in, events out.

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

/// Which events an [`Observer`] has, and how much it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether each message is an event, and not only logins, commands and answers.
    pub messages: bool,
    /// How many bytes of a message are held, and of the commands that have no answer yet; 16 MiB
    /// by default. Of a longer one the rest is only counted.
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
