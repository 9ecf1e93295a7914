use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_expect::Test;
use mynah_session::x::Notice;
use mynah_session::{
    Account, Failure, Greeting, LocalFile, Login, Prepared, Reply, RowSource, Rows, Statement,
};

use super::Source;
use crate::beacon::{Beacon, Inside};
use crate::expectations::Answer;
use crate::source_answer::SourceAnswer;

/// Marks the thread as inside a script for the watchdog, during each call.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    /// It is dropped before `end`: to let a script go is to walk through all that it holds.
    inner: S,
    beacon: Arc<Beacon>,
    end: Option<Inside<Arc<Beacon>>>,
}

impl<S> Watched<S> {
    pub(crate) fn new(inner: S, beacon: Arc<Beacon>) -> Self {
        Self {
            inner,
            beacon,
            end: None,
        }
    }
}

impl<S> Drop for Watched<S> {
    fn drop(&mut self) {
        // Fields are dropped after this function, in their order: the watchdog sees the drop of `inner` as a call.
        self.end = Some(Beacon::enter(self.beacon.clone(), b"(end of a session)"));
    }
}

impl<S: Source> Source for Watched<S> {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        let _inside = Beacon::enter(&*self.beacon, b"(greeting)");
        self.inner.greeting()
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        let _inside = Beacon::enter(&*self.beacon, b"(login)");
        self.inner.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        let _inside = Beacon::enter(&*self.beacon, &statement.text);
        self.inner.statement(statement)
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        let _inside = Beacon::enter(&*self.beacon, &statement.text);
        self.inner.command(statement)
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        let _inside = Beacon::enter(&*self.beacon, &statement.text);
        self.inner.prepare(statement)
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        let _inside = Beacon::enter(&*self.beacon, b"(notices)");
        self.inner.notices()
    }

    fn set_test(&mut self, test: &Test<Answer>) {
        self.inner.set_test(test);
    }

    fn reset(&mut self) {
        let _inside = Beacon::enter(&*self.beacon, b"(reset)");
        self.inner.reset();
    }

    fn file(&mut self, file: &LocalFile) -> Reply {
        let _inside = Beacon::enter(&*self.beacon, &file.filename);
        self.inner.file(file)
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let _inside = Beacon::enter(&*self.beacon, b"(rows)");
        self.inner.rows(source)
    }

    fn drop_rows(&mut self, source: RowSource) {
        let _inside = Beacon::enter(&*self.beacon, b"(rows)");
        self.inner.drop_rows(source);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let _inside = Beacon::enter(&*self.beacon, &statement.text);
        self.inner.fields(statement)
    }

    fn replicate(&mut self, statement: &Statement) -> Option<Reply> {
        let _inside = Beacon::enter(&*self.beacon, &statement.text);
        self.inner.replicate(statement)
    }
}
