use std::sync::Arc;
use std::time::Instant;

use mynah_expect::{Call, EntryNumber, Explanation, Outcome as Ended, Test};
use mynah_fault::Fault;
use mynah_session::{Failure, Outcome, Reply, RowSource, Rows};

use crate::expectations::Answer;

/// The last statement of a session in the journal, from its arrival until its answer has gone out. One that is
/// dropped before that was aborted.
#[derive(Debug, Default)]
pub(crate) struct OpenEntry(Option<Open>);

#[derive(Debug)]
struct Open {
    test: Arc<Test<Answer>>,
    number: EntryNumber,
    start: Instant,
    outcome: Ended,
    next: Next,
    /// Where the rows to come are from: one source for each result that isn't over.
    sources: Vec<RowSource>,
    /// The source of the first result, whose rows alone are counted.
    counted: Option<RowSource>,
}

/// What the answer still waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The end of the answer's delay.
    Release,
    /// A file of the client, which another reply answers.
    File,
    /// More rows from its sources.
    Rows,
    /// Nothing: the answer was sent.
    Nothing,
}

impl OpenEntry {
    /// A statement was entered into the journal.
    pub(super) fn begin(&mut self, test: Arc<Test<Answer>>, number: EntryNumber) {
        self.0 = Some(Open {
            test,
            number,
            start: Instant::now(),
            outcome: Ended::Aborted,
            next: Next::Release,
            sources: Vec::new(),
            counted: None,
        });
    }

    /// The reply is known: that of the handler, or nothing if the session has its own.
    pub(super) fn set_reply(&mut self, reply: Option<&Reply>) {
        if let Some(open) = &mut self.0 {
            open.outcome = reply.map_or(Ended::Ok { affected_rows: 0 }, ended);
            open.sources = reply.map(row_sources).unwrap_or_default();
            open.counted = reply.and_then(|reply| row_source(&reply.outcome));
            open.next = match reply.map(|reply| &reply.outcome) {
                Some(Outcome::LocalInfile(_)) => Next::File,
                _ if open.sources.is_empty() => Next::Release,
                _ => Next::Rows,
            };
        }
    }

    /// The statement has no answer, for this reason.
    pub(super) fn set_unexpected(&self, call: &Call, why: &Explanation) {
        if let Some(open) = &self.0 {
            open.test.unexpected_because(open.number, call, why);
        }
    }

    /// The id of the statement's test.
    pub(super) fn test_id(&self) -> Option<&str> {
        self.0.as_ref()?.test.id()
    }

    /// This fault is played on the answer.
    pub(super) fn on_fault(&self, fault: &Fault) {
        if let Some(open) = &self.0 {
            open.test.on_fault(open.number, &fault.to_string());
        }
    }

    /// The answer goes out, or this error in its place.
    pub(super) fn on_answer(&mut self, cancelled: Option<&Failure>) {
        let Some(open) = &mut self.0 else { return };
        if let Some(failure) = cancelled {
            open.outcome = error(failure);
            open.next = Next::Nothing;
        }
        // With a file or rows to come, the answer has only begun: `set_reply` or `on_rows` ends it later.
        if matches!(open.next, Next::Release | Next::Nothing) {
            self.end();
        }
    }

    /// More rows were made.
    pub(super) fn on_rows(&mut self, from: RowSource, made: &Result<Rows, Failure>) {
        let Some(open) = self.of(from) else { return };
        match made {
            // The session sends no result after an error.
            Err(failure) => {
                open.outcome = error(failure);
                open.sources.clear();
            }
            Ok(rows) => {
                if open.counted == Some(from) {
                    open.count(rows);
                }
                open.replace(from, rows.source());
            }
        }
        self.end_if_sent();
    }

    /// No more rows are wanted.
    pub(super) fn on_dropped(&mut self, source: RowSource) {
        if let Some(open) = self.of(source) {
            open.replace(source, None);
            self.end_if_sent();
        }
    }

    /// What has gone out so far is all there is.
    pub(super) fn end(&mut self) {
        if let Some(open) = self.0.take() {
            open.finish();
        }
    }

    /// Ends an answer of which no more rows are to come.
    fn end_if_sent(&mut self) {
        if let Some(open) = &mut self.0
            && open.sources.is_empty()
        {
            open.next = Next::Nothing;
            self.end();
        }
    }

    fn of(&mut self, source: RowSource) -> Option<&mut Open> {
        self.0
            .as_mut()
            // Rows of an earlier statement (an open cursor) don't belong to the statement that was entered last.
            .filter(|open| open.sources.contains(&source))
    }
}

impl Drop for OpenEntry {
    fn drop(&mut self) {
        if let Some(mut open) = self.0.take() {
            // The session ended before the whole answer was sent.
            if open.next != Next::Nothing {
                open.outcome = Ended::Aborted;
            }
            open.finish();
        }
    }
}

impl Open {
    fn count(&mut self, rows: &Rows) {
        if let Ended::Rows { rows: count } = &mut self.outcome {
            *count += number_of(rows);
        }
        self.counted = rows.source();
    }

    /// The rows of a source are made; those that follow are from another, or there are none.
    fn replace(&mut self, source: RowSource, next: Option<RowSource>) {
        self.sources.retain(|other| *other != source);
        self.sources.extend(next);
    }

    fn finish(self) {
        self.test
            .finish(self.number, self.outcome, self.start.elapsed());
    }
}

/// How a reply ends: by the error that ends its results, or as the first of them.
fn ended(reply: &Reply) -> Ended {
    let all = std::iter::once(&reply.outcome).chain(&reply.more);
    // The session sends no result after an error, so an error decides how the statement ended.
    let failure = all.clone().find_map(|outcome| match outcome {
        Outcome::Error(failure) => Some(failure),
        _ => None,
    });
    if let Some(failure) = failure {
        return error(failure);
    }
    match &reply.outcome {
        Outcome::Ok(completion) => Ended::Ok {
            affected_rows: completion.affected_rows,
        },
        Outcome::Rows(result) => Ended::Rows {
            rows: number_of(&result.rows),
        },
        _ => Ended::Ok { affected_rows: 0 },
    }
}

fn row_sources(reply: &Reply) -> Vec<RowSource> {
    let all = std::iter::once(&reply.outcome).chain(&reply.more);
    all.filter_map(row_source).collect()
}

fn row_source(outcome: &Outcome) -> Option<RowSource> {
    match outcome {
        Outcome::Rows(result) => result.rows.source(),
        _ => None,
    }
}

fn number_of(rows: &Rows) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

fn error(failure: &Failure) -> Ended {
    Ended::Error {
        code: failure.code,
        sql_state: String::from_utf8_lossy(&failure.sql_state.0).into_owned(),
        message: String::from_utf8_lossy(&failure.message).into_owned(),
    }
}
