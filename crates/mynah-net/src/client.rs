use std::io;
use std::sync::Arc;

use mynah_guard::{Guard, Lent};
use socket2::Socket;

use crate::listener::Peer;
use crate::{Admitted, ClientConnection, Stream};

/// A client that has connected, before it is served.
#[derive(Debug)]
pub struct Client {
    /// Declared before the socket, so that it is dropped first.
    lent: Option<Lent>,
    socket: Socket,
    admitted: Admitted,
    peer: Peer,
}

impl Client {
    pub(crate) fn new(socket: Socket, admitted: Admitted, peer: Peer) -> Self {
        Self {
            lent: None,
            socket,
            admitted,
            peer,
        }
    }

    /// A handle to the connection, for other threads.
    #[must_use]
    pub fn connection(&self) -> &Arc<ClientConnection> {
        self.admitted.connection()
    }

    /// Lets other threads take the socket if the calling thread, which serves it from now on, is
    /// lost.
    pub(crate) fn lend(&mut self) {
        if let Some(worker) = Guard::current() {
            let (lent, descriptor) = worker.lend(&self.socket);
            self.lent = Some(lent);
            self.admitted.set_descriptor(descriptor);
        }
    }

    /// The client's entry among the connections, and the stream of its bytes. Must be called on the runtime that
    /// serves the client.
    ///
    /// # Errors
    /// When the operating system can't wait for the socket.
    pub fn into_stream(self) -> (Admitted, io::Result<Stream>) {
        self.admitted.begin();
        let stream = Stream::new(self.socket, self.peer, self.lent);
        (self.admitted, stream)
    }
}
