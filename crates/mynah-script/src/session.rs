use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::x::Notice;
use mynah_session::{
    Account, Failure, Greeting, Handler, LocalFile, Login, Outcome, Prepared, Reply, RowSource,
    Rows, Statement,
};

use crate::source::Source;

/// Answers one client from a trace.
#[derive(Debug)]
pub struct Session {
    source: Box<dyn Source>,
}

impl Session {
    pub(crate) fn new(source: impl Source + 'static) -> Self {
        let source = Box::new(source);
        Self { source }
    }
}

impl Handler for Session {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        self.source.greeting()
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.source.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        self.source.statement(statement).answer
    }

    fn command(&mut self, statement: &Statement) -> Option<Reply> {
        Some(self.source.command(statement)?.answer)
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        self.source.notices()
    }

    fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        self.source.prepare(statement).answer
    }

    fn reset(&mut self) {
        self.source.reset();
    }

    fn file(&mut self, file: LocalFile) -> Reply {
        self.source.file(&file)
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        self.source.rows(source)
    }

    fn drop_rows(&mut self, source: RowSource) {
        self.source.drop_rows(source);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        self.source.fields(statement)
    }

    fn replicate(&mut self, statement: &Statement) -> Reply {
        let reply = self.source.replicate(statement);
        reply.unwrap_or_else(|| Outcome::Error(Failure::access_denied("REPLICATION SLAVE")).into())
    }
}
