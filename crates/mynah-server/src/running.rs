use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use mynah_session::{Failure, Outcome, Reply, ResultSet, RowSource, Rows};
use tokio::sync::mpsc;

use crate::handover::{Begun, Handover};
use crate::results::{Done, Finished, Results};

/// A statement that a backend is answering. Dropping it tells the backend that the answer isn't needed any more.
pub(crate) struct Running {
    handover: Arc<Handover>,
    parts: Parts,
    answering: Option<Answering>,
    /// What the backend returned, until the parts before it are taken.
    done: Option<Result<Finished, Failure>>,
}

pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Finished, Failure>>>>;

/// Where rows come from that are handed over before the end.
enum Parts {
    First,
    Further(mpsc::Receiver<Rows>),
    /// No more come.
    Ended,
}

enum Next {
    Begin(ResultSet),
    More(Rows),
    Done(Result<Finished, Failure>),
}

impl Running {
    /// Begins to answer.
    pub(crate) fn new(answer: impl FnOnce(Results) -> Answering) -> Self {
        let handover = Arc::<Handover>::default();
        let results = Results {
            handover: Arc::clone(&handover),
        };
        Self {
            handover,
            parts: Parts::First,
            answering: Some(answer(results)),
            done: None,
        }
    }

    /// The reply, or its beginning, whose further rows have this source; `None` if it is left to the session.
    pub(crate) async fn reply(&mut self, source: RowSource) -> Option<Box<Reply>> {
        let outcome = match self.next().await {
            Next::Done(Ok(Finished(Done::Reply(reply)))) => return Some(reply),
            Next::Done(Ok(Finished(Done::Left))) => return None,
            Next::Begin(mut result) => {
                result.rows = result.rows.continued(source);
                Outcome::Rows(result)
            }
            Next::Done(Err(failure)) => Outcome::Error(failure),
            Next::More(_) | Next::Done(Ok(_)) => Outcome::Error(mixed_up()),
        };
        Some(Box::new(outcome.into()))
    }

    /// The next rows, which name the source again if more follow.
    pub(crate) async fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        match self.next().await {
            Next::More(rows) => Ok(rows.continued(source)),
            Next::Done(Ok(Finished(Done::Rows(rows)))) => Ok(rows),
            Next::Done(Err(failure)) => Err(failure),
            Next::Begin(_) | Next::Done(Ok(_)) => Err(mixed_up()),
        }
    }

    async fn next(&mut self) -> Next {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Next> {
        // The backend isn't asked for more rows before those are taken that wait.
        if let Some(next) = self.take_part() {
            return Poll::Ready(next);
        }
        if let Some(answering) = &mut self.answering
            && let Poll::Ready(done) = answering.as_mut().poll(cx)
        {
            (self.answering, self.done) = (None, Some(done));
        }
        // Rows come before the end.
        if let Some(next) = self.take_part() {
            return Poll::Ready(next);
        }
        match self.done.take() {
            Some(done) => Poll::Ready(Next::Done(done)),
            None => self.poll_part(cx),
        }
    }

    /// The rows that are there. Unlike [`poll_part`](Self::poll_part), it finds them also when the task has used up the
    /// turns that tokio gives it.
    fn take_part(&mut self) -> Option<Next> {
        match &mut self.parts {
            Parts::First => {
                let begun = self.handover.take_begun()?;
                Some(self.begin(begun))
            }
            Parts::Further(more) => match more.try_recv() {
                Ok(rows) => Some(Next::More(rows)),
                Err(mpsc::error::TryRecvError::Empty) => None,
                Err(mpsc::error::TryRecvError::Disconnected) => {
                    self.parts = Parts::Ended;
                    None
                }
            },
            Parts::Ended => None,
        }
    }

    /// Waits for rows.
    fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Next> {
        match &mut self.parts {
            Parts::First => self.handover.poll_begun(cx).map(|begun| self.begin(begun)),
            Parts::Further(more) => match ready!(more.poll_recv(cx)) {
                Some(rows) => Poll::Ready(Next::More(rows)),
                None => {
                    self.parts = Parts::Ended;
                    Poll::Pending
                }
            },
            // Only the end of the backend's future can follow.
            Parts::Ended => Poll::Pending,
        }
    }

    fn begin(&mut self, Begun { result, more }: Begun) -> Next {
        self.parts = Parts::Further(more);
        Next::Begin(result)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handover.cancel();
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

/// A backend returned the end of another statement's result.
fn mixed_up() -> Failure {
    Failure::general(
        mynah_classic::error_code::ER_UNKNOWN_ERROR,
        "the statement's result was ended by that of another",
    )
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use super::*;
    use crate::{Column, Results, RowError};

    async fn two_parts(results: Results) -> Result<Finished, Failure> {
        let mut rows = results.columns([Column::text("name")]);
        rows.row(["a".repeat(70_000)]).await?;
        rows.row(["b"]).await?;
        Ok(rows.finish())
    }

    #[tokio::test]
    async fn rows_that_wait_are_taken_when_the_task_has_used_up_its_turns() {
        let source = RowSource(1);
        let mut running = Running::new(|results| Box::pin(two_parts(results)));
        let reply = poll_fn(|cx| {
            while pin!(tokio::task::consume_budget()).poll(cx).is_ready() {}
            pin!(running.reply(source)).poll(cx)
        });
        let Outcome::Rows(begun) = reply.await.unwrap().outcome else {
            panic!("the result has not begun")
        };
        assert_eq!(begun.rows.source(), Some(source));
        let last = running.rows(source).await.unwrap();
        assert_eq!((last.len(), last.source()), (1, None));
    }

    #[tokio::test]
    async fn a_writer_that_waits_ends_when_the_result_is_dropped_before_its_first_part_is_taken() {
        let mut writer = None;
        let running = Running::new(|results| {
            writer = Some(results.columns([Column::text("name")]));
            Box::pin(std::future::pending())
        });
        let (mut rows, part) = (writer.unwrap(), "a".repeat(70_000));
        rows.row([&part]).await.unwrap();
        rows.row([&part]).await.unwrap();
        let mut third = pin!(rows.row([&part]));
        let is_waiting = poll_fn(|cx| Poll::Ready(third.as_mut().poll(cx).is_pending())).await;
        assert!(is_waiting);
        drop(running);
        let ended = tokio::time::timeout(Duration::from_secs(20), third).await;
        assert_eq!(ended, Ok(Err(RowError::Gone)));
    }
}
