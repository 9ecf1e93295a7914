use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

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
        if let Parts::Further(more) = &mut self.parts
            && let Poll::Ready(Some(rows)) = more.poll_recv(cx)
        {
            return Poll::Ready(Next::More(rows));
        }
        if let Some(answering) = &mut self.answering
            && let Poll::Ready(done) = answering.as_mut().poll(cx)
        {
            (self.answering, self.done) = (None, Some(done));
        }
        // Rows come before the end.
        if let Some(next) = self.parts.poll(cx) {
            return Poll::Ready(next);
        }
        self.done
            .take()
            .map_or(Poll::Pending, |done| Poll::Ready(Next::Done(done)))
    }
}

impl Parts {
    fn poll(&mut self, cx: &mut Context<'_>) -> Option<Next> {
        match self {
            Self::First(begun) => match Pin::new(begun).poll(cx) {
                Poll::Ready(Ok(Begun { result, more })) => {
                    *self = Self::Further(more);
                    Some(Next::Begin(result))
                }
                Poll::Ready(Err(_none)) => {
                    *self = Self::Ended;
                    None
                }
                Poll::Pending => None,
            },
            Self::Further(more) => match more.poll_recv(cx) {
                Poll::Ready(Some(rows)) => Some(Next::More(rows)),
                Poll::Ready(None) => {
                    *self = Self::Ended;
                    None
                }
                Poll::Pending => None,
            },
            Self::Ended => None,
        }
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
