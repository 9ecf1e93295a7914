//! Where clients connect: TCP addresses and Unix sockets.

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
/// [`Server`](crate::Server) has it.
///
/// The file of a Unix socket is removed when the listener, or the server that has it, is dropped.
#[derive(Debug)]
pub struct Listener {
    pub(crate) socket: Socket,
    pub(crate) address: ListenAddress,
    pub(crate) file: Option<SocketFile>,
    pub(crate) protocol: Protocol,
}

impl Listener {
    /// Listens on `port` of `host`, a name or an address; port 0 is one that is free. A name
    /// with several addresses stands for the first that can be listened on.
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

    /// Listens on a Unix socket that every user may connect to, as servers do. A socket's file that
    /// nobody listens on any more is replaced.
    ///
    /// # Errors
    /// As for [`bind_unix_with`](Self::bind_unix_with).
    pub fn bind_unix(path: impl Into<PathBuf>) -> Result<Self, NetError> {
        Self::bind_unix_with(path, SOCKET_MODE)
    }

    /// The same, with these permissions of the socket's file, as `chmod` takes them.
    ///
    /// # Errors
    /// [`NetError::SocketPath`] if the path is too long for a socket; [`NetError::SocketInUse`] if
    /// somebody listens on it; [`NetError::NotASocket`] if something else is there;
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

    /// The same, for clients of this protocol; else it is the classic one.
    #[must_use]
    pub fn speaking(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// The socket, for who accepts its clients without a [`Server`](crate::Server): another handle
    /// to it, which doesn't block. The file of a Unix socket stays the listener's.
    ///
    /// # Errors
    /// When the operating system gives no further handle.
    pub fn socket(&self) -> io::Result<OwnedFd> {
        Ok(self.socket.try_clone()?.into())
    }

    /// What is listened on, with the port that was found free.
    #[must_use]
    pub fn address(&self) -> &ListenAddress {
        &self.address
    }
}

/// The permissions that MySQL's and MariaDB's sockets have.
const SOCKET_MODE: u32 = 0o777;

/// How many connections may wait to be accepted: test suites open hundreds at once.
const BACKLOG: i32 = 1024;
