//! The same for the X Protocol.

mod answers;
mod event;
mod observer;
mod requests;
mod side;

pub use event::{Answer, Event, Loss, Message, Outcome, Who};
pub use observer::Observer;
