use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use mynah_session::{Failure, Outcome, Reply, ResultSet, RowSource, Rows};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::results::{Begun, Done, Finished, Results};

/// A statement that a backend is answering.
pub(crate) struct Running {
    parts: Parts,
    answering: Option<Answering>,
    /// What the backend returned, until the parts before it are taken.
    done: Option<Result<Finished, Failure>>,
    /// Tells the backend that the answer isn't needed any more, when this is dropped.
    _cancels: DropGuard,
}

type Answering = Pin<Box<dyn Future<Output = Result<Finished, Failure>>>>;

/// Where rows come from that are handed over before the end.
enum Parts {
    First(oneshot::Receiver<Begun>),
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
    pub(crate) fn new<T>(answer: impl FnOnce(Results) -> T) -> Self
    where
        T: Future<Output = Result<Finished, Failure>> + 'static,
    {
        let (begun, parts) = oneshot::channel();
        let cancelled = CancellationToken::new();
        let cancels = cancelled.clone().drop_guard();
        let results = Results { begun, cancelled };
        Self {
            parts: Parts::First(parts),
            answering: Some(Box::pin(answer(results))),
            done: None,
            _cancels: cancels,
        }
    }

    /// The reply, or its beginning, whose further rows have this source; `None` if it is left to the session.
    pub(crate) async fn reply(&mut self, source: RowSource) -> Option<Reply> {
        Some(match self.next().await {
            Next::Begin(mut result) => {
                result.rows = result.rows.continued(source);
                Outcome::Rows(result).into()
            }
            Next::Done(Ok(Finished(Done::Reply(reply)))) => *reply,
            Next::Done(Ok(Finished(Done::Left))) => return None,
            Next::Done(Err(failure)) => Outcome::Error(failure).into(),
            Next::More(_) | Next::Done(Ok(_)) => Outcome::Error(mixed_up()).into(),
        })
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
        if let Some(next) = self.parts.take() {
            return Poll::Ready(next);
        }
        if let Some(answering) = &mut self.answering
            && let Poll::Ready(done) = answering.as_mut().poll(cx)
        {
            (self.answering, self.done) = (None, Some(done));
        }
        // Rows come before the end.
        if let Some(next) = self.parts.take() {
            return Poll::Ready(next);
        }
        match self.done.take() {
            Some(done) => Poll::Ready(Next::Done(done)),
            None => self.parts.poll(cx),
        }
    }
}

impl Parts {
    /// The rows that are there. Unlike [`poll`](Self::poll), it finds them also when the task has used up the turns that
    /// tokio gives it.
    fn take(&mut self) -> Option<Next> {
        match self {
            Self::First(begun) => match begun.try_recv() {
                Ok(begun) => Some(self.begin(begun)),
                Err(oneshot::error::TryRecvError::Empty) => None,
                Err(oneshot::error::TryRecvError::Closed) => self.end(),
            },
            Self::Further(more) => match more.try_recv() {
                Ok(rows) => Some(Next::More(rows)),
                Err(mpsc::error::TryRecvError::Empty) => None,
                Err(mpsc::error::TryRecvError::Disconnected) => self.end(),
            },
            Self::Ended => None,
        }
    }

    /// Waits for rows.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Next> {
        let next = match self {
            Self::First(begun) => ready!(Pin::new(begun).poll(cx))
                .ok()
                .map(|begun| self.begin(begun)),
            Self::Further(more) => ready!(more.poll_recv(cx)).map(Next::More),
            Self::Ended => return Poll::Pending,
        };
        // Without a sender, only the end of the backend's future can follow.
        next.or_else(|| self.end())
            .map_or(Poll::Pending, Poll::Ready)
    }

    fn begin(&mut self, Begun { result, more }: Begun) -> Next {
        *self = Self::Further(more);
        Next::Begin(result)
    }

    fn end<T>(&mut self) -> Option<T> {
        *self = Self::Ended;
        None
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

    use super::*;
    use crate::{Column, Results};

    async fn two_parts(results: Results) -> Result<Finished, Failure> {
        let mut rows = results.columns([Column::text("name")]);
        rows.row(["a".repeat(70_000)]).await?;
        rows.row(["b"]).await?;
        Ok(rows.finish())
    }

    #[tokio::test]
    async fn rows_that_wait_are_taken_when_the_task_has_used_up_its_turns() {
        let source = RowSource(1);
        let mut running = Running::new(two_parts);
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
}
