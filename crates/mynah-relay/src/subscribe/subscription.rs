use super::callback::Callback;
use super::channel::{Events, Sender, channel};
use super::{Connection, Event, Subscriber};

/// A receiver of the events on all connections of a relay, for
/// [`RelayOptions::subscriptions`](crate::RelayOptions::subscriptions).
///
/// Events contain the bytes of messages with passwords in clear; traces and recordings hide these. A subscriber gets
/// copies, so it can't change what is sent. Without [`with_messages`](Self::with_messages), events have the number of
/// rows, but not the rows.
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
    /// Calls a function for each event, on the thread that serves the connection; events of one connection
    /// come in order. All connections of that thread wait for the function to return, so it must be quick,
    /// and it must not panic.
    pub fn callback(function: impl Fn(&Connection, &Event) + Send + Sync + 'static) -> Self {
        Self {
            to: To::Callback(Callback::new(function)),
            messages: false,
        }
    }

    /// Sends each event to a channel with room for `capacity` events. Connections don't wait for its
    /// receiver: if the channel is full, events are dropped and [counted](Events::dropped).
    #[must_use]
    pub fn channel(capacity: usize) -> (Self, Events) {
        let (sender, events) = channel(capacity);
        let subscription = Self {
            to: To::Channel(sender),
            messages: false,
        };
        (subscription, events)
    }

    /// Adds an event for each message: the steps of logins, columns, rows. For this, each message is copied
    /// once.
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
