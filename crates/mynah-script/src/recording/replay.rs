use std::sync::Arc;

use mynah_session::x::Notice;
use mynah_session::{
    Account, Failure, Greeting, LocalFile, Login, Outcome, Prepared, Reply, Statement,
    StatementCommand,
};

use super::Recording;
use crate::expectations::{ok, unexpected};
use crate::source::Source;
use crate::source_answer::SourceAnswer;

/// A session of a recording. Its entries are expectations, so what comes here was not recorded.
#[derive(Debug)]
pub(crate) struct Replay(Arc<Recording>);

impl Replay {
    pub(crate) fn new(recording: Arc<Recording>) -> Self {
        Self(recording)
    }
}

impl Source for Replay {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Ok(self.0.greeting.clone())
    }

    fn login(&mut self, _login: &Login) -> Result<Account, Failure> {
        Ok(self.0.account.clone())
    }

    fn statement(&mut self, _statement: &Statement) -> SourceAnswer<Reply> {
        SourceAnswer::nothing(not_recorded())
    }

    /// What is about the session alone is the session's to answer. What is about data would be answered there as by a
    /// server that has none.
    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        let is_of_session = statement.command != StatementCommand::Admin
            || OF_SESSION.iter().any(|name| *statement.text == **name);
        (!is_of_session).then(|| SourceAnswer::nothing(not_recorded()))
    }

    fn prepare(&mut self, _statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        SourceAnswer::nothing(Err(unexpected(&NOT_RECORDED)))
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        Ok(Vec::new())
    }

    fn file(&mut self, _file: &LocalFile) -> Reply {
        ok()
    }
}

fn not_recorded() -> Reply {
    Outcome::Error(unexpected(&NOT_RECORDED)).into()
}

const NOT_RECORDED: &str = "the recording has no such statement";

/// Commands of the X Plugin that are about the session and its connection.
const OF_SESSION: [&[u8]; 6] = [
    b"ping",
    b"list_notices",
    b"enable_notices",
    b"disable_notices",
    b"list_clients",
    b"kill_client",
];
