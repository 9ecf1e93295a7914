use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use log::warn;
use mynah_classic::error_code::ER_UNKNOWN_ERROR;
use mynah_expect::{
    AnsweredBy, Call, Carriers, Explanation, Outcome as Ended, Reading, Statement as Text, Test,
    TestError, Tests, Verdict,
};
use mynah_session::{Account, Connection, Failure, Login, Outcome, Prepared, Reply, Statement};

use super::{Layer, Source};
use crate::expectations::{Client, ExpectedAnswer, command, ok, values_of};
use crate::plan::ahead;
use crate::source_answer::{self, SourceAnswer};

/// Answers statements that tests expect, before the inner source is asked; explains those that nothing answers.
#[derive(Debug)]
pub(crate) struct Expecting<S> {
    inner: S,
    connection: Connection,
    client: Client,
    tests: Arc<Tests<ExpectedAnswer>>,
}

/// A statement, as its test is asked.
struct Asked {
    test: Arc<Test<ExpectedAnswer>>,
    call: Arc<Call>,
    /// The statement without the comment that names its test, if there is one.
    plain: Option<Statement>,
}

impl<S> Expecting<S> {
    pub(crate) fn new(inner: S, connection: Connection, tests: Arc<Tests<ExpectedAnswer>>) -> Self {
        Self {
            inner,
            connection,
            client: Client::new(connection, &Login::default()),
            tests,
        }
    }

    fn ask(&self, statement: &Statement) -> Result<Asked, TestError> {
        let text = String::from_utf8_lossy(&statement.text);
        // The comment with a test's id is cut out: expectations and the script see the statement as the test
        // wrote it.
        let (read, comment) = Text::with_test_id(&text, Reading::default());
        let (params, query_attributes) = values_of(&statement.params, &statement.attributes);
        let schema = statement.state.schema.as_ref();
        let schema = schema.map(|schema| String::from_utf8_lossy(schema));
        let connection = &self.client.0;
        let routed = self.tests.route(&Carriers {
            query_attributes: &query_attributes,
            comment: comment.as_deref(),
            connection_attributes: &connection.attributes,
            user: &connection.user,
            schema: schema.as_deref(),
        })?;
        let test = routed.test;
        // Expectations see the user and the schema without the id that follows their `+`.
        let user = (routed.user != connection.user).then(|| routed.user.to_owned());
        let schema = routed.schema.map(Arc::from);
        let connection = match user {
            None => Arc::clone(connection),
            Some(user) => Arc::new(mynah_expect::Connection {
                user,
                ..mynah_expect::Connection::clone(connection)
            }),
        };
        let plain = comment.is_some().then(|| Statement {
            text: read.text().to_owned().into(),
            ..statement.clone()
        });
        let call = Call {
            statement: read,
            command: command(statement.command),
            params,
            schema,
            query_attributes,
            connection,
        };
        Ok(Asked {
            test,
            call: Arc::new(call),
            plain,
        })
    }
}

impl<S: Source> Layer for Expecting<S> {
    type Inner = S;

    fn inner(&mut self) -> &mut S {
        &mut self.inner
    }

    fn login(&mut self, login: &Login) -> Result<Account, Failure> {
        self.client = Client::new(self.connection, login);
        self.inner.login(login)
    }

    fn statement(&mut self, statement: &Statement) -> SourceAnswer<Reply> {
        let asked = match self.ask(statement) {
            Ok(asked) => asked,
            Err(error) => return SourceAnswer::nothing(unexpected(&error)),
        };
        let Asked { test, call, plain } = asked;
        let start = Instant::now();
        // The journal has the statement from here on, as pending, so that a test sees it while a long answer
        // is made.
        let begun = test.begin(&call, Timestamp::now());
        let said = match begun.verdict {
            Verdict::Answer {
                answer,
                id,
                call: times,
                ..
            } => {
                let reply = answer.map_or_else(|| Ok(ok()), |answer| answer.reply(&call, times));
                SourceAnswer::expectation(id, reply.unwrap_or_else(|problem| unexpected(&problem)))
            }
            Verdict::Forbidden(explanation) => {
                warn!("unexpected statement: {explanation}");
                SourceAnswer::nothing(unexpected(&explanation))
            }
            _ => {
                // No expectation is met: the script and the prelude may still answer, and the journal notes
                // which of them did.
                let said = self.inner.statement(plain.as_ref().unwrap_or(statement));
                match answered_by(said.by) {
                    Some(by) => {
                        test.answered_by(begun.number, by);
                        said
                    }
                    // Without expectations, the trace knows what it lacks.
                    None if test.is_empty() => {
                        let why = why(&said, &call);
                        test.unexpected_because(begun.number, &call, &why);
                        said
                    }
                    None => {
                        let explanation = test.unexpected(begun.number, &call);
                        warn!("unexpected statement: {explanation}");
                        SourceAnswer::nothing(unexpected(&explanation))
                    }
                }
            }
        };
        test.finish(begun.number, ended(&said.answer.outcome), start.elapsed());
        said
    }

    fn prepare(&mut self, statement: &Statement) -> SourceAnswer<Result<Prepared, Failure>> {
        let asked = match self.ask(statement) {
            Ok(asked) => asked,
            Err(error) => return SourceAnswer::nothing(Err(failure(&error))),
        };
        let Asked { test, call, plain } = asked;
        match test.prepare(&call) {
            Ok(expectation) => {
                let answer = expectation.answers.first();
                let prepared = match answer.map(|answer| &**answer) {
                    Some(ExpectedAnswer::Made(reply)) => ahead(reply, None),
                    // The columns of an answer with templates are known only when its parameters are.
                    _ => Prepared::default(),
                };
                SourceAnswer::script(Ok(prepared))
            }
            Err(not_prepared) => {
                let said = self.inner.prepare(plain.as_ref().unwrap_or(statement));
                if said.is_nothing() && test.is_empty() {
                    return said;
                }
                if said.is_nothing() {
                    warn!("unexpected statement: {not_prepared}");
                    return SourceAnswer::nothing(Err(failure(&not_prepared)));
                }
                said
            }
        }
    }
}

/// Why a trace without expectations has no answer.
fn why(said: &SourceAnswer<Reply>, call: &Call) -> Explanation {
    let unanswered = said.unanswered.as_ref();
    Explanation {
        difference: unanswered.map_or_else(
            || "nothing answers".to_owned(),
            |unanswered| unanswered.difference(),
        ),
        statement: call.statement.text().to_owned(),
        place: 0,
        closest: None,
        used_up: Vec::new(),
    }
}

/// What answered, for the journal; absent if nothing did.
fn answered_by(by: source_answer::AnsweredBy) -> Option<AnsweredBy> {
    match by {
        source_answer::AnsweredBy::Entry(number) => {
            Some(AnsweredBy::Script(format!("entry {number}").into()))
        }
        source_answer::AnsweredBy::Script | source_answer::AnsweredBy::Expectation(_) => {
            Some(AnsweredBy::Script("script".into()))
        }
        source_answer::AnsweredBy::Prelude => Some(AnsweredBy::Prelude),
        source_answer::AnsweredBy::Nothing => None,
    }
}

fn ended(outcome: &Outcome) -> Ended {
    match outcome {
        Outcome::Ok(completion) => Ended::Ok {
            affected_rows: completion.affected_rows,
        },
        Outcome::Rows(result) => Ended::Rows {
            rows: u64::try_from(result.rows.len()).unwrap_or(u64::MAX),
        },
        Outcome::Error(failure) => Ended::Error {
            code: failure.code,
            sql_state: String::from_utf8_lossy(&failure.sql_state.0).into_owned(),
            message: String::from_utf8_lossy(&failure.message).into_owned(),
        },
        _ => Ended::Ok { affected_rows: 0 },
    }
}

fn unexpected(why: &impl ToString) -> Reply {
    Outcome::Error(failure(why)).into()
}

/// Neither drivers nor pools retry a statement, or close the connection, for this number or its state.
fn failure(why: &impl ToString) -> Failure {
    Failure::general(ER_UNKNOWN_ERROR, why.to_string())
}
