//! The events of all connections as one stream, and its receivers: the trace, the recording, the counters, the list of
//! connections, the reload of TLS, and a program's own subscriptions.

mod callback;
mod channel;
mod connection;
mod event;
mod live_view;
mod metrics;
mod publisher;
mod subscriber;
mod subscription;

pub use channel::{Events, Received};
pub use connection::Connection;
pub use event::{Closed, ClosedBy, Event, Tally};
pub(crate) use live_view::LiveView;
pub(crate) use metrics::Metrics;
pub(crate) use publisher::Publisher;
pub(crate) use subscriber::{Seen, Subscriber};
pub use subscription::Subscription;
