use std::sync::Arc;

use mynah_expect::Call;
use mynah_script::{Answer, Computed};

use super::{Response, Rows, aside};

/// What answers a statement: a [`Response`], [`Rows`], or a function of the statement that returns one of them.
pub trait Respond {
    /// Converts the response into the answer that the server sends.
    ///
    /// # Errors
    /// What is wrong with the response, as text.
    fn into_answer(self) -> Result<Answer, String>;
}

impl Respond for Response {
    fn into_answer(self) -> Result<Answer, String> {
        Answer::from_json(&self.0?)
    }
}

impl Respond for Rows {
    fn into_answer(self) -> Result<Answer, String> {
        Response::from(self).into_answer()
    }
}

impl<F, R> Respond for F
where
    F: Fn(&Call) -> R + Send + Sync + 'static,
    R: Into<Response>,
{
    fn into_answer(self) -> Result<Answer, String> {
        let respond = Arc::new(self);
        Ok(later(move |call| {
            let respond = Arc::clone(&respond);
            async move { respond(&call) }
        }))
    }
}

/// An answer that a function returns as a future. Both may block, so they don't run on the thread that serves the
/// connection.
pub(super) fn later<F, T, R>(respond: F) -> Answer
where
    F: Fn(Arc<Call>) -> T + Send + Sync + 'static,
    T: Future<Output = R> + 'static,
    R: Into<Response>,
{
    let respond = Arc::new(respond);
    Answer::computed(Arc::new(move |call: &Arc<Call>| {
        let (respond, call) = (Arc::clone(&respond), Arc::clone(call));
        let answer = aside::run(move || async move { respond(call).await.into().0 });
        Computed::Later(Box::pin(async move { answer.await? }))
    }))
}
