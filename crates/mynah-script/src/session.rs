use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_fault::{Drawn, Fault};
use mynah_session::x::Notice;
use mynah_session::{
    Account, BulkExecution, Failure, Greeting, Handler, LocalFile, Login, Outcome, Prepared, Reply,
    RowSource, Rows, Statement,
};

use log::warn;
use mynah_session::sql::{Secrets, Settings};

use crate::outline::Places;
use crate::source::{Source, columns_of};
use crate::source_answer::{AnsweredBy, SourceAnswer};
use crate::unanswered::{describe_entry, describe_expectation, unexpected};

/// The handler of one connection: answers its client from the expectations of its test, a script and the prelude.
#[derive(Debug)]
pub struct Session {
    source: Box<dyn Source>,
    places: Arc<Places>,
    /// Whether the client of a statement that nothing answers gets the error of the original mock.
    is_compatible: bool,
    /// What answered the last statement.
    answered_by: AnsweredBy,
}

impl Session {
    /// Answers from a source, which is that of a script whose entries are at these places.
    pub(crate) fn new(
        source: impl Source + 'static,
        places: Arc<Places>,
        is_compatible: bool,
    ) -> Self {
        Self {
            source: Box::new(source),
            places,
            is_compatible,
            answered_by: AnsweredBy::Nothing,
        }
    }

    /// The answer, with an explanation if nothing answered.
    fn settle<T>(
        &mut self,
        statement: &Statement,
        answer: SourceAnswer<T>,
        refuse: impl FnOnce(Failure) -> T,
    ) -> Box<T> {
        self.answered_by = answer.by;
        let Some(unanswered) = answer.unanswered else {
            return answer.answer;
        };
        let secrets = Secrets::of(&statement.text, &Settings::default());
        let masked = secrets.mask(&statement.text);
        let explanation = unanswered.explain(&self.places, &masked);
        warn!("unexpected statement: {explanation}");
        match self.is_compatible {
            true => answer.answer,
            false => Box::new(refuse(unexpected(&explanation))),
        }
    }

    fn reply(&mut self, statement: &Statement) -> Box<Reply> {
        let answer = self.source.statement(statement);
        let is_explained = answer.unanswered.is_some();
        let reply = self.settle(statement, answer, |failure| Outcome::Error(failure).into());
        if is_explained {
            self.source.replaced(&reply);
        }
        reply
    }
}

impl Handler for Session {
    const ASKED_BULK: bool = true;

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        self.source.greeting()
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.source.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> Reply {
        *self.reply(statement)
    }

    async fn statement_async(&mut self, statement: &Statement) -> Box<Reply> {
        let reply = self.reply(statement);
        let Some(later) = self.source.take_later() else {
            return reply;
        };
        let came = later.wait().await;
        Box::new(self.source.came(came))
    }

    async fn bulk_async(&mut self, bulk: &BulkExecution) -> Option<Reply> {
        let answer = self.source.bulk(bulk)?;
        let refuse = |failure| Outcome::Error(failure).into();
        Some(*self.settle(&bulk.statement, answer, refuse))
    }

    fn command(&mut self, statement: &Statement) -> Option<Reply> {
        let answer = self.source.command(statement)?;
        Some(*self.settle(statement, answer, |failure| Outcome::Error(failure).into()))
    }

    async fn command_async(&mut self, statement: &Statement) -> Option<Reply> {
        let reply = self.command(statement);
        match self.source.take_later() {
            Some(later) => {
                let came = later.wait().await;
                Some(self.source.came(came))
            }
            None => reply,
        }
    }

    fn notices(&mut self) -> Result<Vec<Notice>, Failure> {
        self.source.notices()
    }

    fn prepare(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        let answer = self.source.prepare(statement);
        *self.settle(statement, answer, Err)
    }

    async fn prepare_async(&mut self, statement: &Statement) -> Result<Prepared, Failure> {
        let answer = self.prepare(statement);
        match self.source.take_later() {
            Some(later) => {
                let came = later.wait().await;
                self.source.came_prepared(came)
            }
            None => answer,
        }
    }

    fn answered_by(&self) -> Option<String> {
        Some(match &self.answered_by {
            AnsweredBy::Entry(number) => describe_entry(&self.places, *number),
            AnsweredBy::Expectation(id, expectation) => describe_expectation(*id, expectation),
            AnsweredBy::Script => self.places.describe("the script", "stmts"),
            AnsweredBy::Prelude => "the prelude".to_owned(),
            AnsweredBy::Nothing => "nothing".to_owned(),
        })
    }

    fn draw(&mut self, fault: &Arc<Fault>) -> Option<Drawn> {
        self.source.draw(fault)
    }

    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        self.source.on_answer(cancelled);
    }

    fn reset(&mut self) {
        self.source.reset();
    }

    fn file(&mut self, file: &LocalFile) -> Reply {
        self.source.file(file)
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

    async fn fields_async(
        &mut self,
        statement: &Statement,
    ) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let columns = self.source.fields(statement);
        match self.source.take_later() {
            Some(later) => {
                let came = later.wait().await;
                columns_of(self.source.came(came))
            }
            None => columns,
        }
    }

    fn replicate(&mut self, statement: &Statement) -> Reply {
        let reply = self.source.replicate(statement);
        reply.unwrap_or_else(|| Outcome::Error(Failure::access_denied("REPLICATION SLAVE")).into())
    }
}
