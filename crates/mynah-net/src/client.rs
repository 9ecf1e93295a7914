use std::io;
use std::sync::Arc;

use socket2::Socket;

use crate::listener::Peer;
use crate::{Admitted, ClientConnection, Stream};

/// A client that has connected, on its way to who serves it.
#[derive(Debug)]
pub struct Client {
    socket: Socket,
    admitted: Admitted,
    peer: Peer,
}

impl Client {
    pub(crate) fn new(socket: Socket, admitted: Admitted, peer: Peer) -> Self {
        Self {
            socket,
            admitted,
            peer,
        }
    }

    /// The connection, as others see it.
    #[must_use]
    pub fn connection(&self) -> &Arc<ClientConnection> {
        self.admitted.connection()
    }

    /// The bytes that it sends and gets. Has to be called on the runtime that serves it.
    ///
    /// # Errors
    /// When the operating system can't wait for the socket.
    pub fn into_stream(self) -> (Admitted, io::Result<Stream>) {
        let stream = Stream::new(self.socket, self.peer);
        (self.admitted, stream)
    }
}
