use tokio_util::sync::CancellationToken;

/// Says whether the answer to a statement is still needed. A clone says the same.
#[derive(Clone, Debug)]
pub struct Cancellation(pub(crate) CancellationToken);

impl Cancellation {
    /// Whether the answer isn't needed any more: the client has disconnected, another client has ended the statement
    /// (KILL QUERY), the cursor is closed, the server shuts down, or the statement is answered.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Completes when the answer isn't needed any more.
    pub async fn cancelled(&self) {
        self.0.cancelled().await;
    }
}
