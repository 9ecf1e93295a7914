use super::callback::Callback;
use super::channel::{Events, Sender, channel};
use super::{Connection, Event, Subscriber};

/// A subscriber to the events on all connections of a relay: see
/// [`RelayOptions::subscriptions`](crate::RelayOptions::subscriptions).
///
/// Events have all bytes of a message, passwords among them: only the trace hides those. The bytes of an event
/// have passed already, so a subscriber can't change them. Without
/// [`with_messages`](Self::with_messages) rows are counted, and not shown.
#[derive(Clone, Debug)]
pub struct Subscription {
    to: To,
    pub(crate) messages: bool,
}

#[derive(Clone, Debug)]
enum To {
    Callback(Callback),
    Channel(Sender),
}

impl Subscription {
    /// Calls a function with each event, in order for each connection, on the thread that carries the connection. All
    /// connections of that thread wait for the function to return: it has to be quick, and must not panic.
    pub fn callback(function: impl Fn(&Connection, &Event) + Send + Sync + 'static) -> Self {
        Self {
            to: To::Callback(Callback::new(function)),
            messages: false,
        }
    }

    /// Sends each event to a channel that has room for `capacity` of them. No connection waits for the receiver: an event
    /// that there is no room for is dropped, and [counted](Events::dropped).
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, Events) {
        let (sender, events) = channel(capacity);
        let subscription = Self {
            to: To::Channel(sender),
            messages: false,
        };
        (subscription, events)
    }

    /// The same, with an event for each message: logins step by step, columns, rows. Each is copied once.
    #[must_use]
    pub fn with_messages(self) -> Self {
        Self {
            messages: true,
            ..self
        }
    }

    /// For one connection.
    pub(crate) fn subscriber(&self) -> Box<dyn Subscriber> {
        match &self.to {
            To::Callback(callback) => Box::new(callback.clone()),
            To::Channel(sender) => Box::new(sender.clone()),
        }
    }
}
