use mynah_session::{Failure, Prepared, Reply};

/// What a trace says to a statement.
#[derive(Debug)]
pub(crate) enum Said<T, N> {
    /// An answer of its own.
    Answer(T),
    /// Nothing. This is what the client is told if nobody else answers.
    Nothing(N),
}

/// What a trace says to a statement that is run.
pub(crate) type SaidReply = Said<Reply, Reply>;

/// What a trace says to a statement that is prepared.
pub(crate) type SaidPrepared = Said<Result<Prepared, Failure>, Result<Prepared, Failure>>;
