use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use mynah_session::{Failure, Outcome, Reply, RowSource, Rows};
use tokio::sync::mpsc;

use crate::results::{Done, Finished, Part, Results};

/// A statement that a backend is answering.
pub(crate) struct Running {
    parts: mpsc::Receiver<Part>,
    answering: Option<Answering>,
    /// What the backend returned, until the parts before it are taken.
    done: Option<Result<Finished, Failure>>,
}

type Answering = Pin<Box<dyn Future<Output = Result<Finished, Failure>>>>;

enum Next {
    Part(Part),
    Done(Result<Finished, Failure>),
}

impl Running {
    /// Begins to answer.
    pub(crate) fn new<T>(answer: impl FnOnce(Results) -> T) -> Self
    where
        T: Future<Output = Result<Finished, Failure>> + 'static,
    {
        let (results, parts) = mpsc::channel(1);
        Self {
            parts,
            answering: Some(Box::pin(answer(Results(results)))),
            done: None,
        }
    }

    /// The reply, or its beginning, whose further rows have this source; `None` if it is left to the session.
    pub(crate) async fn reply(&mut self, source: RowSource) -> Option<Reply> {
        Some(match self.next().await {
            Next::Part(Part::Begin(mut result)) => {
                result.rows = result.rows.continued(source);
                Outcome::Rows(result).into()
            }
            Next::Done(Ok(Finished(Done::Reply(reply)))) => *reply,
            Next::Done(Ok(Finished(Done::Left))) => return None,
            Next::Done(Err(failure)) => Outcome::Error(failure).into(),
            Next::Part(Part::More(_)) | Next::Done(Ok(_)) => Outcome::Error(mixed_up()).into(),
        })
    }

    /// The next rows, which name the source again if more follow.
    pub(crate) async fn rows(&mut self, source: RowSource) -> Result<Rows, Failure> {
        match self.next().await {
            Next::Part(Part::More(rows)) => Ok(rows.continued(source)),
            Next::Done(Ok(Finished(Done::Rows(rows)))) => Ok(rows),
            Next::Done(Err(failure)) => Err(failure),
            Next::Part(Part::Begin(_)) | Next::Done(Ok(_)) => Err(mixed_up()),
        }
    }

    async fn next(&mut self) -> Next {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Next> {
        // Running the backend may make a part, or be the end; parts come before the end.
        if let Poll::Ready(Some(part)) = self.parts.poll_recv(cx) {
            return Poll::Ready(Next::Part(part));
        }
        if let Some(answering) = &mut self.answering
            && let Poll::Ready(done) = answering.as_mut().poll(cx)
        {
            (self.answering, self.done) = (None, Some(done));
        }
        if let Poll::Ready(Some(part)) = self.parts.poll_recv(cx) {
            return Poll::Ready(Next::Part(part));
        }
        self.done
            .take()
            .map_or(Poll::Pending, |done| Poll::Ready(Next::Done(done)))
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
