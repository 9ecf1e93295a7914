use std::io;
use std::sync::Arc;

use mynah_guard::{Guard, Lent};
use socket2::Socket;

use crate::listener::Peer;
use crate::{Admitted, ClientConnection, Stream};

/// A client that has connected, on its way to who serves it.
#[derive(Debug)]
pub struct Client {
    /// Before the socket, so that it is dropped first.
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

    /// The connection, as others see it.
    #[must_use]
    pub fn connection(&self) -> &Arc<ClientConnection> {
        self.admitted.connection()
    }

    /// Lets others have the socket if the calling thread, which serves it from now on, is lost.
    pub(crate) fn lend(&mut self) {
        if let Some(worker) = Guard::current() {
            let (lent, descriptor) = worker.lend(&self.socket);
            self.lent = Some(lent);
            self.admitted.set_descriptor(descriptor);
        }
    }

    /// The bytes that it sends and gets. Has to be called on the runtime that serves it.
    ///
    /// # Errors
    /// When the operating system can't wait for the socket.
    pub fn into_stream(self) -> (Admitted, io::Result<Stream>) {
        self.admitted.begin();
        let stream = Stream::new(self.socket, self.peer, self.lent);
        (self.admitted, stream)
    }
}
