use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::{Connection, Event, Seen, Subscriber};

/// The receiving end of a [`Subscription::channel`](crate::Subscription::channel).
#[derive(Debug)]
pub struct Events {
    receiver: Receiver<Received>,
    dropped: Arc<AtomicU64>,
}

/// An event, with the connection that it happened on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received {
    /// The connection, with the facts that were known at the event.
    pub connection: Connection,
    /// What happened on the connection.
    pub event: Event,
}

impl Events {
    /// Waits up to `timeout` for the next event. `None` if there is none in that time, or if the relay and
    /// all its connections have ended.
    #[must_use]
    pub fn next_within(&self, timeout: Duration) -> Option<Received> {
        self.receiver.recv_timeout(timeout).ok()
    }

    /// The next event, without waiting; `None` if there is none.
    #[must_use]
    pub fn next_now(&self) -> Option<Received> {
        self.receiver.try_recv().ok()
    }

    /// How many events were dropped because the channel was full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// Waits for each event, until the relay and its connections are gone.
impl Iterator for Events {
    type Item = Received;

    fn next(&mut self) -> Option<Received> {
        self.receiver.recv().ok()
    }
}

/// The end that events go into.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    sender: SyncSender<Received>,
    dropped: Arc<AtomicU64>,
}

/// A channel with room for so many events.
pub(super) fn channel(capacity: usize) -> (Sender, Events) {
    let (sender, receiver) = sync_channel(capacity);
    let dropped = Arc::default();
    let events = Events {
        receiver,
        dropped: Arc::clone(&dropped),
    };
    (Sender { sender, dropped }, events)
}

impl Subscriber for Sender {
    fn on_event(&mut self, seen: Seen<'_>) {
        let received = Received {
            connection: seen.connection.clone(),
            event: seen.event.clone(),
        };
        // The channel is full, or its receiver is gone: connections wait for neither.
        if self.sender.try_send(received).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn events_that_there_is_no_room_for_are_dropped_and_counted() {
        let (mut sender, events) = channel(2);
        let connection = Connection::default();
        for _ in 0..5 {
            sender.on_event(Seen {
                connection: &connection,
                event: &Event::Connected,
                at: SystemTime::UNIX_EPOCH,
                statement: None,
                is_of_gate: false,
            });
        }
        assert_eq!(events.dropped(), 3);
        drop(sender);
        assert_eq!(events.count(), 2);
    }
}
