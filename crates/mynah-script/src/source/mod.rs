//! Where a session's answers come from: a plan or a running script, and layers around it, each of which sees what
//! is asked before what it is put around, and the answer after it.
//!
//! ```text
//! Session ── Expecting ── Preluded ── Watched ── ScriptSession
//!                                  ├─────────── Playback
//!                                  ╰─────────── Replay
//! ```

mod expecting;
mod failed;
mod later;
mod open_entry;
mod preluded;
mod unexpected;
mod watched;

use std::fmt;
use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_expect::Test;
use mynah_fault::{Drawn, Draws, Fault};
use mynah_session::x::Notice;
use mynah_session::{
    Account, BulkExecution, Failure, Greeting, LocalFile, Login, Prepared, Reply, RowSource, Rows,
    Statement,
};

use crate::expectations::Answer;
use crate::source_answer::SourceAnswer;

pub(crate) use expecting::{Expecting, columns_of};
pub(crate) use failed::Failed;
pub(crate) use later::{Came, Later, Waiting};
pub(crate) use preluded::Preluded;
pub(crate) use watched::Watched;

/// Answers what a client asks, or says that it has no answer.
pub(crate) trait Source: fmt::Debug {
    fn greeting(&mut self) -> Result<Greeting, Failure>;

    fn login(&mut self, login: &Login) -> Result<Account, Failure>;

    /// Answers a statement.
    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply>;

    /// Answers a bulk execution as a whole; with `None`, its rows are asked for one by one.
    fn bulk(&mut self, bulk: &BulkExecution) -> Option<SourceAnswer<Reply>> {
        let _ = bulk;
        None
    }

    /// Answers COM_INIT_DB, or a command of the X Plugin; `None` leaves the answer to the session.
    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>>;

    /// Describes a statement that is prepared.
    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>>;

    /// The notices to send to an X Protocol client.
    fn notices(&mut self) -> Result<Vec<Notice>, Failure>;

    /// What is asked from now on belongs to this test.
    fn set_test(&mut self, test: &Test<Answer>) {
        let _ = test;
    }

    /// Resets the session to how it was after its login.
    fn reset(&mut self) {}

    /// Answers the file that a reply asked for.
    fn file(&mut self, file: &LocalFile) -> Reply;

    /// Called when the client gets this reply in place of the last answer.
    fn replaced(&mut self, reply: &Reply) {
        let _ = reply;
    }

    /// Called when the answer is sent, or an error in its place.
    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        let _ = cancelled;
    }

    /// The answer has this fault: whether it is played.
    fn draw(&mut self, fault: &Arc<Fault>) -> Option<Drawn> {
        fault.draw(Draws::new(0, None, 0, 0))
    }

    /// Called when an outer layer has answered a statement, which may change the session.
    fn follow(&mut self, statement: &Statement, reply: &mut Reply) {
        let _ = (statement, reply);
    }

    /// Takes what the last answer comes from, if it comes later.
    fn take_later(&mut self) -> Option<Later> {
        None
    }

    /// The last answer came: what the client gets.
    fn came(&mut self, came: Came) -> Reply {
        came.reply()
    }

    /// The last answer, which is one to a preparation, came: what the client gets.
    fn came_prepared(&mut self, came: Came) -> Result<Prepared, Failure> {
        came.prepared()
    }

    /// The next rows of a result.
    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let _ = source;
        Ok(Rows::default())
    }

    /// Called when the rest of a result's rows isn't needed.
    fn drop_rows(&mut self, source: RowSource) {
        let _ = source;
    }

    /// The columns of a table.
    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let _ = statement;
        Ok([].into())
    }

    /// Answers a replica's request for a binary log; `None` refuses it.
    fn replicate(&mut self, statement: &Statement) -> Option<Reply> {
        let _ = statement;
        None
    }
}

/// A source around another, which it leaves to answer whatever it has no method for.
pub(crate) trait Layer: fmt::Debug {
    type Inner: Source + ?Sized;

    fn inner(&mut self) -> &mut Self::Inner;

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        self.inner().greeting()
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.inner().login(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        self.inner().statement(statement)
    }

    fn bulk(&mut self, bulk: &BulkExecution) -> Option<SourceAnswer<Reply>> {
        self.inner().bulk(bulk)
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        self.inner().command(statement)
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        self.inner().prepare(statement)
    }

    fn reset(&mut self) {
        self.inner().reset();
    }

    fn file(&mut self, file: &LocalFile) -> Reply {
        self.inner().file(file)
    }

    fn replaced(&mut self, reply: &Reply) {
        self.inner().replaced(reply);
    }

    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        self.inner().on_answer(cancelled);
    }

    fn draw(&mut self, fault: &Arc<Fault>) -> Option<Drawn> {
        self.inner().draw(fault)
    }

    fn follow(&mut self, statement: &Statement, reply: &mut Reply) {
        self.inner().follow(statement, reply);
    }

    fn take_later(&mut self) -> Option<Later> {
        self.inner().take_later()
    }

    fn came(&mut self, came: Came) -> Reply {
        self.inner().came(came)
    }

    fn came_prepared(&mut self, came: Came) -> Result<Prepared, Failure> {
        self.inner().came_prepared(came)
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        self.inner().rows(source)
    }

    fn drop_rows(&mut self, source: RowSource) {
        self.inner().drop_rows(source);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        self.inner().fields(statement)
    }
}

/// Whatever it is, it answers everything itself.
impl Layer for Box<dyn Source> {
    type Inner = dyn Source;

    fn inner(&mut self) -> &mut Self::Inner {
        &mut **self
    }
}

impl<L: Layer> Source for L {
    fn greeting(&mut self) -> Result<Greeting, Failure> {
        Layer::greeting(self)
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        Layer::login(self, login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        Layer::statement(self, statement)
    }

    fn bulk(&mut self, bulk: &BulkExecution) -> Option<SourceAnswer<Reply>> {
        Layer::bulk(self, bulk)
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        Layer::command(self, statement)
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        Layer::prepare(self, statement)
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        self.inner().notices()
    }

    fn set_test(&mut self, test: &Test<Answer>) {
        self.inner().set_test(test);
    }

    fn reset(&mut self) {
        Layer::reset(self);
    }

    fn file(&mut self, file: &LocalFile) -> Reply {
        Layer::file(self, file)
    }

    fn replaced(&mut self, reply: &Reply) {
        Layer::replaced(self, reply);
    }

    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        Layer::on_answer(self, cancelled);
    }

    fn draw(&mut self, fault: &Arc<Fault>) -> Option<Drawn> {
        Layer::draw(self, fault)
    }

    fn follow(&mut self, statement: &Statement, reply: &mut Reply) {
        Layer::follow(self, statement, reply);
    }

    fn take_later(&mut self) -> Option<Later> {
        Layer::take_later(self)
    }

    fn came(&mut self, came: Came) -> Reply {
        Layer::came(self, came)
    }

    fn came_prepared(&mut self, came: Came) -> Result<Prepared, Failure> {
        Layer::came_prepared(self, came)
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        Layer::rows(self, source)
    }

    fn drop_rows(&mut self, source: RowSource) {
        Layer::drop_rows(self, source);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        Layer::fields(self, statement)
    }

    fn replicate(&mut self, statement: &Statement) -> Option<Reply> {
        self.inner().replicate(statement)
    }
}

#[cfg(test)]
mod tests;
