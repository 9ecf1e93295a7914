use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::sync::oneshot;

use super::{Condition, MockServer};

/// The error of [`MockServer::wait_for`] if too few of the statements that were waited for came in time.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("after {waited:?}, {found} of {wanted} statements have come: {expected}{}", shown(.last))]
pub struct TimedOut {
    /// The timeout that was given.
    pub waited: Duration,
    /// How many statements were waited for.
    pub wanted: u64,
    /// How many statements that fulfil the condition were in the journal when the wait ended.
    pub found: u64,
    /// The condition of the statements that were waited for, as text for people.
    pub expected: String,
    /// The text of the last statement in the journal, whether it fulfils the condition or not; `None` if the journal
    /// is empty.
    pub last: Option<String>,
}

impl MockServer {
    /// Waits until the journal has at least `times` statements that fulfil the condition, whatever answered them.
    /// Statements that came before the call count, too. The future needs no runtime; the timeout runs from the call.
    ///
    /// # Errors
    /// [`TimedOut`] if they don't come in time.
    ///
    /// # Panics
    /// If the condition has a mistake.
    #[must_use = "a future waits for nothing unless it is awaited"]
    #[track_caller]
    pub fn wait_for<C: Into<Condition>>(
        &self,
        times: u64,
        condition: C,
        timeout: Duration,
    ) -> impl Future<Output = Result<(), TimedOut>> + Send + use<C> {
        let waiting = self.waiting(times, condition.into(), timeout);
        let (done, result) = oneshot::channel();
        let thread = thread::Builder::new().name("mynah wait".to_owned());
        let started = thread.spawn(move || done.send(waiting()));
        async move {
            match (started, result.await) {
                (Ok(_), Ok(result)) => result,
                (Err(error), _) => super::fail(format!("can't wait: {error}")),
                (_, Err(_)) => super::fail("can't wait: the thread ended"),
            }
        }
    }

    /// Waits for statements, as [`wait_for`](Self::wait_for), but blocks the thread instead of returning a future.
    ///
    /// # Errors
    /// [`TimedOut`] if the statements don't come in time.
    ///
    /// # Panics
    /// If the condition has a mistake.
    #[track_caller]
    pub fn wait_for_blocking(
        &self,
        times: u64,
        condition: impl Into<Condition>,
        timeout: Duration,
    ) -> Result<(), TimedOut> {
        self.waiting(times, condition.into(), timeout)()
    }

    #[track_caller]
    fn waiting(
        &self,
        wanted: u64,
        condition: Condition,
        waited: Duration,
    ) -> impl FnOnce() -> Result<(), TimedOut> + Send + use<> {
        let expectation = match condition.expectation() {
            Ok(expectation) => expectation,
            Err(problem) => super::fail(problem),
        };
        let (test, deadline) = (self.test().clone(), Instant::now() + waited);
        move || {
            let count = || u64::try_from(test.count_meeting(&expectation)).unwrap_or(u64::MAX);
            if test.wait_until(deadline, || count() >= wanted) {
                return Ok(());
            }
            let last = test.statements(|_| true).pop();
            Err(TimedOut {
                waited,
                wanted,
                found: count(),
                expected: expectation.to_string(),
                last: last.map(|entry| entry.call.statement.text().to_owned()),
            })
        }
    }
}

fn shown(last: &Option<String>) -> String {
    match last {
        Some(statement) => format!("; the last statement was \"{statement}\""),
        None => "; no statement has come".to_owned(),
    }
}
