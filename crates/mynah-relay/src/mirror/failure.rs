use mynah_client::Error;

/// Why the comparison of a connection ends.
#[derive(Debug)]
pub(super) enum Failure {
    Client(Error),
    /// Another reason, in words.
    Other(&'static str),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}
