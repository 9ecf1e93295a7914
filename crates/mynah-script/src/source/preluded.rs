use mynah_session::{Account, Failure, Greeting, Login, Prepared, Reply, Statement};

use super::{Layer, Source};
use crate::prelude::Prelude;
use crate::source_answer::SourceAnswer;

/// Answers statements drivers send on connect, where the inner source has no answer.
#[derive(Debug)]
pub(crate) struct Preluded<S> {
    inner: S,
    prelude: Prelude,
}

impl<S> Preluded<S> {
    pub(crate) fn new(inner: S, prelude: Prelude) -> Self {
        Self { inner, prelude }
    }
}

impl<S: Source> Layer for Preluded<S> {
    type Inner = S;

    fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        let mut greeting = self.inner.greeting()?;
        self.prelude.greet(&mut greeting);
        Ok(greeting)
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.prelude.logged_in(login);
        self.inner.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        let mut said = self.inner.statement(statement);
        if !said.is_nothing() {
            // The script's answer stands, but a statement like `SET NAMES` also changes the session: the prelude
            // follows it.
            self.prelude.answered(statement, &mut said.answer);
        } else if let Some(reply) = self.prelude.statement(statement) {
            return SourceAnswer::prelude(reply);
        }
        said
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        let said = self.inner.prepare(statement);
        if said.is_nothing()
            && let Some(prepared) = self.prelude.prepare(statement)
        {
            return SourceAnswer::prelude(Ok(prepared));
        }
        said
    }

    fn follow(&mut self, statement: &Statement, reply: &mut Reply) {
        self.prelude.answered(statement, reply);
    }

    fn reset(&mut self) {
        self.prelude.reset();
        self.inner.reset();
    }
}
