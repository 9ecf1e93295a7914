use mynah_x::{ClientMessage, ServerMessage};

use super::Client;
use crate::Error;

/// The messages of a client's connection, as they are sent and as they arrive; from [`Client::raw`].
///
/// Answers that aren't read here are read when the client sends its next message otherwise.
#[derive(Debug)]
pub struct Raw<'a>(pub(super) &'a mut Client);

impl Raw<'_> {
    /// Sends a message, also if earlier messages haven't been answered. The answers to messages inside a Compression
    /// message that the caller made have to be read by [`next`](Self::next).
    ///
    /// # Errors
    /// If the connection fails.
    pub async fn send(&mut self, message: impl Into<ClientMessage>) -> Result<(), Error> {
        self.0.send_ahead(&message.into()).await
    }

    /// Waits for the next message of the server, whether or not an answer is incomplete; `None` at the end of the
    /// stream. A compressed message is returned as the messages in it.
    ///
    /// # Errors
    /// If the connection fails or the server breaks the protocol.
    pub async fn next(&mut self) -> Result<Option<ServerMessage>, Error> {
        self.0.receive().await
    }
}
