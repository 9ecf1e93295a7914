use bytes::Bytes;
use mynah_session::observe::Answer;

use crate::record::HeldEntry;

/// What the second server is to do, and what the first one has answered.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) task: Task,
    /// What would be recorded of the first server's answer.
    pub(super) entries: Vec<HeldEntry>,
    /// About how many bytes the job holds.
    pub(super) size: usize,
}

#[derive(Debug)]
pub(super) enum Task {
    /// Run a command. The file is what the client sent for LOAD DATA LOCAL.
    Run { answer: Box<Answer>, file: Bytes },
    /// Log in once more (X Protocol).
    LogIn(Login),
    /// Do nothing: the entries aren't compared, for this reason.
    Skip(&'static str),
}

/// Who has logged in to the first server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) schema: String,
}
