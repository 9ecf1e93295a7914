use bytes::Bytes;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The statement as it came, in the client's character set.
    pub text: Bytes,
}

impl Statement {
    /// A statement of this text.
    #[must_use]
    pub fn query(text: impl Into<Bytes>) -> Self {
        Self { text: text.into() }
    }
}
