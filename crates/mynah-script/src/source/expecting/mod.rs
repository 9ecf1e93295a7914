mod bulk;
mod character_set;
mod layer;
mod own_file;

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use mynah_expect::{
    AnsweredBy, Call, Explanation, NotPrepared, Protocol, Test, TestError, Tests, Verdict,
};
use mynah_session::placeholders::Dialect;
use mynah_session::{Connection, Failure, Login, Outcome, Reply, Statement};

pub(crate) use layer::columns_of;

use self::character_set::ResultsIn;
use self::own_file::ask_for_own_file;
use super::open_entry::OpenEntry;
use super::unexpected::{has_no_script, refused, warn_of, why, why_failed};
use super::{Later, Source, Waiting};
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
        let looked_up = self.looked_up(&test, &call);
        let statement = plain.as_ref().unwrap_or(statement);
        self.answer_call(statement, test, call, &looked_up, inner)
    }

    /// Answers a statement of a test, which is looked up with other values than were sent.
    fn answer_call(
        &mut self,
        statement: &Statement,
        test: Arc<Test<Answer>>,
        call: Arc<Call>,
        looked_up: &Call,
        inner: impl FnOnce(&mut S, &Statement) -> Option<SourceAnswer<Reply>>,
    ) -> Option<SourceAnswer<Reply>> {
        self.inner.set_test(&test);
        let begun = test.begin_as(&call, looked_up, Timestamp::now());
        self.open_entry.begin(Arc::clone(&test), begun.number);
        let said = match begun.verdict {
            Verdict::Answer {
                answer,
                id,
                expectation,
                call: times,
            } => {
                let missing = answer.as_ref().and_then(|answer| answer.why_missing());
                let given = match (&answer, missing) {
                    (_, Some(missing)) => Err(Explanation::because(&call, missing.to_string())),
                    (None, None) => Ok(Given::Made(ok().into())),
                    (Some(answer), None) => self
                        .given(&test, answer, &call, times)
                        .map_err(|problem| why_failed(&problem, &expectation.label(), &call)),
                };
                Some(match given {
                    Ok(Given::Made(mut made)) => {
                        ask_for_own_file(&mut made.reply, &call, looked_up);
                        let reply = self.give(statement, made);
                        SourceAnswer::expectation(id, expectation, reply)
                    }
                    Ok(Given::Later(answer)) => {
                        let waiting = Waiting {
                            statement: statement.clone(),
                            test,
                            call,
                            label: expectation.label(),
                        };
                        self.later = Some(Later { answer, waiting });
                        SourceAnswer::expectation(id, expectation, ok())
                    }
                    Err(why) => SourceAnswer::nothing(self.refuse(&call, &why)),
                })
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
                        let explanation = test.unexpected(begun.number, looked_up);
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

    /// The answer to the last statement that was entered, which is unexpected for this reason.
    fn refuse(&self, call: &Call, why: &Explanation) -> Reply {
        self.open_entry.set_unexpected(call, why);
        warn_of(why, call);
        refused(why)
    }

    /// What the client gets of an expectation's answer.
    fn give(&mut self, statement: &Statement, made: Made) -> Reply {
        let Made {
            mut reply,
            mut files,
            ..
        } = made;
        self.inner.follow(statement, &mut reply);
        if let Some(results) = self.results_in(statement) {
            results.reply(&mut reply);
            files.iter_mut().for_each(|after| results.reply(after));
        }
        self.files = Some(files.into());
        reply
    }

    /// The character set of the client's results, if answers are converted to it.
    fn results_in(&self, statement: &Statement) -> Option<ResultsIn> {
        // In the X Protocol, all is UTF-8.
        let is_classic = self.client.connection.protocol == Protocol::Classic;
        let of = || {
            let product = self.client.dialect.product();
            ResultsIn::of(&statement.state, product, self.tests.is_recording())
        };
        is_classic.then(of).flatten()
    }

    /// Enters a statement that can't be prepared, for a reason that is logged and that the client gets.
    fn refuse_preparation(
        &mut self,
        test: &Arc<Test<Answer>>,
        call: &Arc<Call>,
        why: &NotPrepared,
    ) -> Failure {
        warn_of(why.why(), call);
        let failure = unexpected(why);
        self.enter_refused(test, call, why, &failure);
        failure
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
