use mynah_classic::error_code;
use mynah_session::{Failure, Kill, Process};

/// A client that wants to end another connection, or the statement that it runs. A [`Backend`](crate::Backend)
/// [decides](crate::Backend::kill) whether it may.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KillRequest {
    /// The id of the other connection, and whether only its statement is to end.
    pub kill: Kill,
    /// The other connection; `None` if there is none with this id.
    pub target: Option<Process>,
    /// The user name with which the client that sent the KILL has logged in.
    pub user: String,
}

impl KillRequest {
    /// Whether the other connection is one of the same user.
    #[must_use]
    pub fn is_of_same_user(&self) -> bool {
        let target = self.target.as_ref();
        target.is_some_and(|target| target.user.as_ref() == Some(&self.user))
    }

    /// Error 1095, for a client that may not end this connection.
    #[must_use]
    pub fn denied(&self) -> Failure {
        let id = self.kill.connection_id;
        Failure::general(
            error_code::ER_KILL_DENIED_ERROR,
            format!("You are not owner of thread {id}"),
        )
    }
}
