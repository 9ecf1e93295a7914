use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::x::Notice;
use mynah_session::{
    Account, Failure, Greeting, LocalFile, Login, Outcome, Prepared, Reply, Statement,
};

use super::Source;
use crate::source_answer::SourceAnswer;

/// A script that didn't load, or a script that didn't start: each client gets an error with the reason.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) Failure);

impl Failed {
    fn reply(&self) -> Reply {
        Outcome::Error(self.0.clone()).into()
    }
}

impl Source for Failed {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Err(self.0.clone())
    }

    fn login(&mut self, _login: &Login) -> Result<Account, Failure> {
        Err(self.0.clone())
    }

    fn statement(&mut self, _statement: &Statement) -> SourceAnswer<Reply> {
        SourceAnswer::script(self.reply())
    }

    fn command(&mut self, _statement: &Statement) -> Option<SourceAnswer<Reply>> {
        Some(SourceAnswer::script(self.reply()))
    }

    fn prepare(&mut self, _statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        SourceAnswer::script(Err(self.0.clone()))
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        Err(self.0.clone())
    }

    fn file(&mut self, _file: &LocalFile) -> Reply {
        self.reply()
    }

    fn fields(&mut self, _statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        Err(self.0.clone())
    }
}
