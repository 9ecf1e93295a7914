//! What the layer of expectations answers itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_expect::{Call, NotPrepared, Preparation, Protocol, Test, TestIdSources};
use mynah_fault::{Drawn, Draws, Fault};
use mynah_session::placeholders::Dialect;
use mynah_session::{
    Account, BulkExecution, Completion, Failure, Greeting, LocalFile, Login, Outcome, Prepared,
    Reply, ResultSet, RowSource, Rows, Statement,
};

use super::super::unexpected::{refused, why, why_failed};
use super::super::{Came, Later, Layer, Source, Waiting};
use super::Expecting;
use crate::expectations::{Answer, Asked, Client, Given, ok, unexpected};
use crate::source_answer::SourceAnswer;

impl<S: Source> Layer for Expecting<S> {
    type Inner = S;

    fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    fn greeting(&mut self) -> Result<Greeting, Failure> {
        let greeting = self.inner.greeting()?;
        let version = greeting.server_version.as_deref();
        self.client.dialect = version.map_or(self.client.dialect, Dialect::of_version);
        Ok(greeting)
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.client = Client::new(self.connection, login, self.client.dialect);
        let schema = login.schema.as_deref().map(String::from_utf8_lossy);
        let query_attributes = BTreeMap::new();
        let connection = &self.client.connection;
        let routed = self.tests.route(&TestIdSources {
            query_attributes: &query_attributes,
            comment: None,
            connection_attributes: &connection.attributes,
            user: &connection.user,
            schema: schema.as_deref(),
        });
        // The id of no test is an error of the first statement.
        let test = routed.map(|routed| routed.test);
        let test = test.as_ref().unwrap_or(self.tests.shared());
        self.inner.set_test(test);
        self.inner.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        self.answer(statement, |inner, statement| {
            Some(inner.statement(statement))
        })
        .unwrap_or_else(|| SourceAnswer::nothing(ok()))
    }

    fn bulk(&mut self, bulk: &BulkExecution) -> Option<SourceAnswer<Reply>> {
        self.answer_bulk(bulk)
    }

    fn command(&mut self, statement: &Statement) -> Option<SourceAnswer<Reply>> {
        self.answer(statement, Source::command)
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        self.open_entry.end();
        self.later = None;
        if !self.tests.is_used() {
            return self.inner.prepare(statement);
        }
        let Asked { test, call, plain } = match self.asked(statement) {
            Ok(asked) => asked,
            Err(error) => return SourceAnswer::nothing(Err(unexpected(&error))),
        };
        self.inner.set_test(&test);
        let statement = plain.as_ref().unwrap_or(statement);
        if test.is_empty() {
            let said = self.inner.prepare(statement);
            if said.is_nothing()
                && let Err(failure) = &*said.answer
            {
                self.enter_refused(&test, &call, &why(Some(&said), &call).into(), failure);
            }
            return said;
        }
        let looked_up = self.looked_up(&test, &call);
        let mut preparation = test.prepare(&looked_up);
        if let Err(NotPrepared::Open(_)) = preparation
            && let Some(shorter) = without_offset(&looked_up)
        {
            preparation = test.prepare(&shorter).or(preparation);
        }
        match preparation {
            Ok(preparation) => {
                let mut prepared = self.prepared(statement, test, call, preparation);
                if let Some(results) = self.results_in(statement) {
                    results.prepared(&mut prepared);
                }
                SourceAnswer::script(prepared)
            }
            Err(refused) => {
                if let NotPrepared::Open(_) = refused
                    && let said = self.inner.prepare(statement)
                    && !said.is_nothing()
                {
                    return said;
                }
                SourceAnswer::nothing(Err(self.refuse_preparation(&test, &call, &refused)))
            }
        }
    }

    fn file(&mut self, file: &LocalFile) -> Reply {
        let reply = match &mut self.files {
            Some(files) => files.pop_front().unwrap_or_else(ok),
            None => self.inner.file(file),
        };
        self.open_entry.set_reply(Some(&reply));
        reply
    }

    fn take_later(&mut self) -> Option<Later> {
        self.later.take()
    }

    fn came(&mut self, came: Came) -> Reply {
        let waiting = came.waiting;
        let reply = match came.made {
            Ok(made) => self.give(&waiting.statement, made),
            Err(problem) => {
                let why = why_failed(&problem, &waiting.label, &waiting.call);
                self.refuse(&waiting.call, &why)
            }
        };
        self.open_entry.set_reply(Some(&reply));
        reply
    }

    fn came_prepared(&mut self, came: Came) -> Result<Prepared, Failure> {
        match came.made {
            Ok(made) => {
                let mut prepared = made.into_preparation();
                if let Some(results) = self.results_in(&came.waiting.statement) {
                    results.prepared(&mut prepared);
                }
                prepared
            }
            Err(problem) => {
                let waiting = came.waiting;
                let why = why_failed(&problem, &waiting.label, &waiting.call);
                Err(self.refuse_preparation(&waiting.test, &waiting.call, &why.into()))
            }
        }
    }

    fn replaced(&mut self, reply: &Reply) {
        self.open_entry.set_reply(Some(reply));
    }

    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        self.open_entry.on_answer(cancelled);
        self.inner.on_answer(cancelled);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        let is_recording = self.tests.is_recording();
        let said = self.answer(statement, |inner, statement| match is_recording {
            true => Some(SourceAnswer::nothing(refused(&"nothing answers"))),
            false => fields_of(inner, statement),
        });
        said.map_or_else(|| Ok([].into()), |said| columns_of(*said.answer))
    }

    fn draw(&mut self, fault: &Arc<Fault>) -> Option<Drawn> {
        let connection = self.connection.id.into();
        let test = self.open_entry.test_id();
        let seed = self.fault_seed.number(fault.toxicity);
        let draws = Draws::new(seed, test, connection, self.statements);
        let drawn = fault.draw(draws)?;
        self.open_entry.on_fault(fault);
        Some(drawn)
    }

    fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        let rows = self.inner.rows(source);
        self.open_entry.on_rows(source, &rows);
        rows
    }

    fn drop_rows(&mut self, source: RowSource) {
        self.open_entry.on_dropped(source);
        self.inner.drop_rows(source);
    }
}

impl<S: Source> Expecting<S> {
    /// What an expectation says of a statement that is prepared.
    fn prepared(
        &mut self,
        statement: &Statement,
        test: Arc<Test<Answer>>,
        call: Arc<Call>,
        preparation: Preparation<Answer>,
    ) -> Result<Prepared, Failure> {
        let Preparation {
            answer,
            call: times,
        } = preparation;
        match answer {
            Some(answer) if answer.is_of_preparation() => {
                match self.given(&test, &answer, &call, times) {
                    Ok(Given::Made(made)) => made.into_preparation(),
                    Ok(Given::Later(answer)) => {
                        let waiting = Waiting {
                            statement: statement.clone(),
                            test,
                            call,
                            label: OF_PREPARATION.to_owned(),
                        };
                        self.later = Some(Later { answer, waiting });
                        Ok(Prepared::default())
                    }
                    Err(problem) => {
                        let why = why_failed(&problem, OF_PREPARATION, &call);
                        Err(self.refuse_preparation(&test, &call, &why.into()))
                    }
                }
            }
            Some(answer) => Ok(answer.prepared()),
            None => Ok(Prepared::default()),
        }
    }
}

/// The columns of a table as an answer; nothing if the script has none.
fn fields_of<S: Source>(inner: &mut S, statement: &Statement) -> Option<SourceAnswer<Reply>> {
    let outcome = match inner.fields(statement) {
        Ok(columns) if columns.is_empty() => return None,
        Ok(columns) => Outcome::Rows(ResultSet {
            columns,
            rows: Rows::default(),
            end: Completion::default(),
            is_out_parameters: false,
        }),
        Err(failure) => Outcome::Error(failure),
    };
    Some(SourceAnswer::script(outcome.into()))
}

/// The columns of a table, from an answer.
pub(crate) fn columns_of(answer: Reply) -> Result<Arc<[ColumnDefinition41]>, Failure> {
    match answer.outcome {
        Outcome::Rows(result) => Ok(result.columns),
        Outcome::Error(failure) => Err(failure),
        _ => Ok([].into()),
    }
}

/// A CRUD message that is prepared with a placeholder as its offset, as it is executed with the offset 0.
fn without_offset(call: &Call) -> Option<Call> {
    let text = call.statement.text();
    let place = text
        .rfind(OFFSET)
        .filter(|_| call.connection.protocol == Protocol::X)?;
    let (before, after) = (text.get(..place)?, text.get(place + OFFSET.len()..)?);
    let shorter = [before, after].concat();
    Some(Call {
        statement: mynah_expect::Statement::with_reading(&shorter, call.statement.reading()),
        ..call.clone()
    })
}

/// How an offset is written that is a placeholder.
const OFFSET: &str = " OFFSET ?";

/// What answers a preparation, for people.
const OF_PREPARATION: &str = "an expectation of `prepare`";
