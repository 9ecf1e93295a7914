use std::sync::Arc;

use mynah_net::ClientConnection;
use mynah_session::Login;
use mynah_session::observe::{self, Direction};

use super::{Connection, Event, Seen, Subscriber};
use crate::failure::in_words;

/// Keeps the list of connections up to date, which `/connections/` and [`Relay::connections`](crate::Relay::connections)
/// show.
#[derive(Debug)]
pub(crate) struct LiveView {
    listed: Arc<ClientConnection>,
    logged_in: bool,
}

impl LiveView {
    pub(crate) fn new(listed: &Arc<ClientConnection>) -> Self {
        Self {
            listed: Arc::clone(listed),
            logged_in: false,
        }
    }

    fn set_login(&self, connection: &Connection) {
        self.listed.set_login(&Login {
            username: connection.user.clone(),
            schema: Some(connection.schema.clone()).filter(|schema| !schema.is_empty()),
            ..Login::default()
        });
    }
}

impl Subscriber for LiveView {
    fn on_event(&mut self, seen: Seen<'_>) {
        match seen.event {
            Event::Observed(observe::Event::Started(_)) => self.listed.count_statement(),
            Event::Observed(observe::Event::LoggedIn) => {
                self.logged_in = true;
                self.set_login(seen.connection);
            }
            Event::Observed(observe::Event::Identified { .. }) if self.logged_in => {
                self.set_login(seen.connection);
            }
            Event::Tls {
                side: Direction::Client,
                tls,
            } => self.listed.set_tls(*tls),
            Event::SideEnded { side, lost } => {
                self.listed.set_ended(&in_words(*side, lost.as_deref()));
            }
            _ => {}
        }
    }
}
