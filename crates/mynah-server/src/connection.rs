use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use mynah_session::Login;

/// The connection of a backend's client. A clone is another handle to the same connection, and can be sent to other
/// threads.
#[derive(Clone)]
pub struct Connection(Arc<Facts>);

struct Facts {
    id: u32,
    port: u16,
    login: Mutex<Option<Arc<Login>>>,
}

impl Connection {
    pub(crate) fn new(connection: mynah_session::Connection) -> Self {
        Self(Arc::new(Facts {
            id: connection.id,
            port: connection.port,
            login: Mutex::default(),
        }))
    }

    /// The connection's id, counted from 1 on its server, which clients get by `CONNECTION_ID()`.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id
    }

    /// The TCP port of the server that the client connected to; 0 for a Unix socket.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// What the client sent to log in, with the facts about its connection: user, schema, peer address, TLS (version,
    /// cipher, verified certificate), collation, capability flags, longest packet, connection attributes. `None` until
    /// the client has sent it. It is that of the last login, which may be refused still: in
    /// [`authenticate`](crate::Backend::authenticate) it is the one that is asked about, and the methods about
    /// statements and commands are called only after a login was accepted.
    #[must_use]
    pub fn login(&self) -> Option<Arc<Login>> {
        let login = self.0.login.lock();
        login.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The user of the last login; empty before one.
    pub(crate) fn user(&self) -> String {
        let login = self.login();
        let username = login.as_ref().map(|login| &login.username[..]);
        String::from_utf8_lossy(username.unwrap_or_default()).into_owned()
    }

    pub(crate) fn log_in(&self, login: &Login) {
        let last = self.0.login.lock();
        *last.unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(login.clone()));
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("id", &self.0.id)
            .field("port", &self.0.port)
            .field("login", &self.login())
            .finish()
    }
}
