//! The same for the X Protocol.

mod event;
mod observer;
mod side;

pub use event::{Answer, Event, Loss, Message, Outcome, Who};
pub use observer::Observer;
