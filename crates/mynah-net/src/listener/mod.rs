//! Listeners: TCP addresses and Unix sockets.

mod accept;
mod address;
mod socket_file;
mod tcp;
mod unix;

use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use socket2::Socket;

pub(crate) use accept::{Incoming, Peer};
pub use address::ListenAddress;
pub(crate) use socket_file::SocketFile;

use crate::{NetError, Protocol};

/// A socket that is listened on. Clients may connect from now on; they are served once a
/// [`Server`](crate::Server) owns it.
///
/// The file of a Unix socket is removed when the listener, or the server that owns it, is dropped.
#[derive(Debug)]
pub struct Listener {
    pub(crate) socket: Socket,
    pub(crate) address: ListenAddress,
    pub(crate) file: Option<SocketFile>,
    pub(crate) protocol: Protocol,
}

impl Listener {
    /// Listens on `port` of `host`, a name or an address; port 0 chooses a free port. For a name
    /// with several addresses, listens on the first one that works.
    ///
    /// # Errors
    /// [`NetError::Resolve`] and [`NetError::Bind`].
    pub fn bind(host: &str, port: u16) -> Result<Self, NetError> {
        let (socket, address) = tcp::bind(host, port)?;
        Ok(Self {
            socket,
            address: ListenAddress::Tcp(address),
            file: None,
            protocol: Protocol::Classic,
        })
    }

    /// Listens on a Unix socket that every user may connect to, as with MySQL's servers. If the
    /// file of a socket exists and no server listens on the socket any more, the file is replaced.
    ///
    /// # Errors
    /// [`NetError::SocketInUse`] if a server still listens on the socket; the others of
    /// [`bind_unix_with`](Self::bind_unix_with).
    pub fn bind_unix(path: impl Into<PathBuf>) -> Result<Self, NetError> {
        Self::bind_unix_with(path, SOCKET_MODE)
    }

    /// As [`bind_unix`](Self::bind_unix), with these permissions of the socket's file, as `chmod`
    /// takes them.
    ///
    /// # Errors
    /// [`NetError::SocketPath`] if the path is empty or too long for a socket; [`NetError::SocketInUse`] if another
    /// server listens on it; [`NetError::NotASocket`] if there is a file of another kind at the path;
    /// [`NetError::BindUnix`].
    pub fn bind_unix_with(path: impl Into<PathBuf>, mode: u32) -> Result<Self, NetError> {
        let path = path.into();
        let (socket, file) = unix::bind(&path, mode)?;
        Ok(Self {
            socket,
            address: ListenAddress::Unix(path),
            file: Some(file),
            protocol: Protocol::Classic,
        })
    }

    /// Sets the protocol of the listener's clients; it is the classic one by default.
    #[must_use]
    pub fn speaking(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// Another handle to the socket, which doesn't block, for callers that accept clients without a
    /// [`Server`](crate::Server). The file of a Unix socket stays the listener's.
    ///
    /// # Errors
    /// When the operating system provides no further handle.
    pub fn socket(&self) -> io::Result<OwnedFd> {
        Ok(self.socket.try_clone()?.into())
    }

    /// The address that is listened on, with the chosen port.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }
}

/// The permissions of MySQL's and MariaDB's sockets.
const SOCKET_MODE: u32 = 0o777;

/// How many connections may wait to be accepted. Test suites open hundreds at once.
const BACKLOG: i32 = 1024;
