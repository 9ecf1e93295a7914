use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_expect::{
    AnsweredBy, Call, Explanation, NotPrepared, Preparation, Test, TestError, TestIdSources, Tests,
    Verdict,
};
use mynah_fault::{Drawn, Draws, Fault};
use mynah_session::placeholders::Dialect;
use mynah_session::{
    Account, Connection, Failure, Greeting, LocalFile, Login, Outcome, Prepared, Reply, RowSource,
    Rows, Statement,
};

use super::open_entry::OpenEntry;
use super::unexpected::{has_no_script, refused, warn_of, why};
use super::{Came, Later, Layer, Source};
use crate::expectations::{Answer, Asked, Client, Given, Made, ok, unexpected};
use crate::fault_seed::FaultSeed;
use crate::recording::Volatiles;
use crate::source_answer::SourceAnswer;

/// Enters each statement into the journal of its test, answers what tests expect before what it is put around
/// is asked, and explains what nothing answers.
#[derive(Debug)]
pub(crate) struct Expecting<S> {
    inner: S,
    connection: Connection,
    client: Client,
    tests: Arc<Tests<Answer>>,
    /// Whether what no script answers has the original's error.
    is_compatible: bool,
    /// The id of the test that the statement before belongs to.
    test_before: Option<Arc<str>>,
    fault_seed: Arc<FaultSeed>,
    /// How many statements there were: the number of the last one.
    statements: u64,
    /// The last statement, until its answer has gone out.
    open_entry: OpenEntry,
    /// The values of a recording that differ from run to run.
    volatiles: Option<Arc<Volatiles>>,
    /// What answers the files that the last answer asks for, if it is that of an expectation.
    files: Option<VecDeque<Reply>>,
    /// The last answer, if it comes later.
    later: Option<Later>,
}

impl<S> Expecting<S> {
    pub(crate) fn new(
        inner: S,
        connection: Connection,
        tests: Arc<Tests<Answer>>,
        dialect: Dialect,
        is_compatible: bool,
        fault_seed: Arc<FaultSeed>,
    ) -> Self {
        Self {
            inner,
            connection,
            client: Client::new(connection, &Login::default(), dialect),
            tests,
            is_compatible,
            test_before: None,
            open_entry: OpenEntry::default(),
            fault_seed,
            statements: 0,
            volatiles: None,
            files: None,
            later: None,
        }
    }

    /// The same for a recording in which these values differ from run to run.
    pub(crate) fn with_volatiles(self, volatiles: Option<Arc<Volatiles>>) -> Self {
        Self { volatiles, ..self }
    }

    /// A statement as it is looked up: with recorded values in place of those that differ from run to run.
    fn looked_up(&self, test: &Test<Answer>, call: &Arc<Call>) -> Arc<Call> {
        let volatiles = self.volatiles.as_ref();
        let resolved = volatiles.and_then(|all| all.resolve(test, self.tests.shared(), call));
        resolved.map_or_else(|| Arc::clone(call), Arc::new)
    }

    /// What an answer says, with the values that this test sent in place of recorded ones.
    fn given(
        &self,
        test: &Test<Answer>,
        answer: &Answer,
        call: &Arc<Call>,
        times: u64,
    ) -> Result<Given, String> {
        match (&self.volatiles, answer.varies()) {
            (Some(volatiles), Some(varying)) => {
                let filled = volatiles.fill(test, self.tests.shared(), varying)?;
                answer.made_of(&filled).map(Given::Made)
            }
            _ => answer.given(call, times),
        }
    }
}

impl<S: Source> Expecting<S> {
    /// Finds the test of a statement.
    fn asked(&mut self, statement: &Statement) -> Result<Asked, TestError> {
        let before = self.test_before.take();
        let asked = Asked::new(&self.tests, &mut self.client, statement, before.as_deref())?;
        let id = asked.test.id();
        // Mostly it is the same again.
        let is_same = before.as_deref() == id;
        self.test_before = if is_same { before } else { id.map(Arc::from) };
        Ok(asked)
    }

    /// Answers a statement or a command; nothing if `inner` leaves a command to the session.
    fn answer(
        &mut self,
        statement: &Statement,
        inner: impl FnOnce(&mut S, &Statement) -> Option<SourceAnswer<Reply>>,
    ) -> Option<SourceAnswer<Reply>> {
        // The client has sent another statement, so it has the whole answer to the last one.
        self.open_entry.end();
        self.files = None;
        self.later = None;
        self.statements += 1;
        if !self.tests.is_used() {
            return inner(&mut self.inner, statement);
        }
        let Asked { test, call, plain } = match self.asked(statement) {
            Ok(asked) => asked,
            Err(error) => return Some(SourceAnswer::nothing(refused(&error))),
        };
        self.inner.set_test(&test);
        let statement = plain.as_ref().unwrap_or(statement);
        let looked_up = self.looked_up(&test, &call);
        let begun = test.begin_as(&call, &looked_up, Timestamp::now());
        self.open_entry.begin(Arc::clone(&test), begun.number);
        let said = match begun.verdict {
            Verdict::Answer {
                answer,
                id,
                expectation,
                call: times,
            } => {
                if let Some(missing) = answer.as_ref().and_then(|answer| answer.why_missing()) {
                    let why = Explanation::because(&call, missing.to_string());
                    test.unexpected_because(begun.number, &call, &why);
                    warn_of(&why, &call);
                    let said = SourceAnswer::nothing(refused(&why));
                    self.open_entry.set_reply(Some(&said.answer));
                    return Some(said);
                }
                let given = answer.map_or_else(
                    || Ok(Given::Made(ok().into())),
                    |answer| self.given(&test, &answer, &call, times),
                );
                let reply = match given {
                    Ok(Given::Made(made)) => self.give(statement, made),
                    Ok(Given::Later(answer)) => {
                        let statement = statement.clone();
                        self.later = Some(Later { answer, statement });
                        ok()
                    }
                    Err(problem) => self.give(statement, refused(&problem).into()),
                };
                Some(SourceAnswer::expectation(id, expectation, reply))
            }
            Verdict::Forbidden(explanation) => {
                warn_of(&explanation, &call);
                Some(SourceAnswer::nothing(refused(&explanation)))
            }
            _ => {
                let said = inner(&mut self.inner, statement);
                let by = match &said {
                    Some(said) => said.by.in_journal(),
                    None => Some(AnsweredBy::Session),
                };
                match by {
                    Some(by) => {
                        test.answered_by(begun.number, by);
                        said
                    }
                    // Without expectations, the script knows what it lacks.
                    None if test.is_empty()
                        && (self.is_compatible || !has_no_script(said.as_ref())) =>
                    {
                        let why = why(said.as_ref(), &call);
                        test.unexpected_because(begun.number, &call, &why);
                        said
                    }
                    None => {
                        let explanation = test.unexpected(begun.number, &looked_up);
                        warn_of(&explanation, &call);
                        Some(SourceAnswer::nothing(refused(&explanation)))
                    }
                }
            }
        };
        self.open_entry
            .set_reply(said.as_ref().map(|said| &*said.answer));
        said
    }

    /// What the client gets of an expectation's answer.
    fn give(&mut self, statement: &Statement, made: Made) -> Reply {
        let Made {
            mut reply, files, ..
        } = made;
        self.files = Some(files.into());
        self.inner.follow(statement, &mut reply);
        reply
    }

    /// Enters a statement that can't be prepared. It isn't executed then, so it is unexpected now.
    fn enter_refused(
        &mut self,
        test: &Arc<Test<Answer>>,
        call: &Arc<Call>,
        why: &NotPrepared,
        failure: &Failure,
    ) {
        let begun = test.begin(call, Timestamp::now());
        self.open_entry.begin(Arc::clone(test), begun.number);
        if let Verdict::Open = begun.verdict {
            test.not_prepared(begun.number, call, why);
        }
        let refused = Outcome::Error(failure.clone()).into();
        self.open_entry.set_reply(Some(&refused));
        self.open_entry.end();
    }
}

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
        match test.prepare(&self.looked_up(&test, &call)) {
            Ok(Preparation {
                answer,
                call: times,
            }) => SourceAnswer::script(match answer {
                Some(answer) if answer.is_of_preparation() => {
                    match self.given(&test, &answer, &call, times) {
                        Ok(Given::Made(made)) => made.into_preparation(),
                        Ok(Given::Later(answer)) => {
                            let statement = statement.clone();
                            self.later = Some(Later { answer, statement });
                            Ok(Prepared::default())
                        }
                        Err(problem) => Err(unexpected(&problem)),
                    }
                }
                Some(answer) => Ok(answer.prepared()),
                None => Ok(Prepared::default()),
            }),
            Err(refused) => {
                if let NotPrepared::Open(_) = refused
                    && let said = self.inner.prepare(statement)
                    && !said.is_nothing()
                {
                    return said;
                }
                warn_of(refused.why(), &call);
                let failure = unexpected(&refused);
                self.enter_refused(&test, &call, &refused, &failure);
                SourceAnswer::nothing(Err(failure))
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
        let reply = self.give(&came.statement, came.made);
        self.open_entry.set_reply(Some(&reply));
        reply
    }

    fn replaced(&mut self, reply: &Reply) {
        self.open_entry.set_reply(Some(reply));
    }

    fn on_answer(&mut self, cancelled: Option<&Failure>) {
        self.open_entry.on_answer(cancelled);
        self.inner.on_answer(cancelled);
    }

    fn fields(&mut self, statement: &Statement) -> Result<Arc<[ColumnDefinition41]>, Failure> {
        if !self.tests.is_recording() {
            if self.tests.is_used() {
                let asked = self.asked(statement).map_err(|error| unexpected(&error))?;
                self.inner.set_test(&asked.test);
            }
            return self.inner.fields(statement);
        }
        let said = self.answer(statement, |_, _| {
            Some(SourceAnswer::nothing(refused(&"nothing answers")))
        });
        match said.map(|said| said.answer.outcome) {
            Some(Outcome::Rows(result)) => Ok(result.columns),
            Some(Outcome::Error(failure)) => Err(failure),
            _ => Ok([].into()),
        }
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
