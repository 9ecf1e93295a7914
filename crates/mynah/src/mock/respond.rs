use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use mynah_expect::Call;
use mynah_script::{Answer, Computed};
use serde_json::Value as Json;

use super::{Response, Rows};

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
        let compute = move |call: &Arc<Call>| Computed::Now(caught(|| self(call).into().0));
        Ok(Answer::computed(Arc::new(compute)))
    }
}

/// An answer that a function returns as a future.
pub(super) fn later<F, T, R>(respond: F) -> Answer
where
    F: Fn(Arc<Call>) -> T + Send + Sync + 'static,
    T: Future<Output = R> + 'static,
    R: Into<Response>,
{
    let compute = move |call: &Arc<Call>| {
        let call = Arc::clone(call);
        match catch_unwind(AssertUnwindSafe(|| respond(call))) {
            Ok(response) => Computed::Later(Box::pin(async move { response.await.into().0 })),
            Err(panic) => Computed::Now(Err(panicked(&panic))),
        }
    };
    Answer::computed(Arc::new(compute))
}

/// A function of a test may panic; its thread serves others, too.
fn caught(respond: impl FnOnce() -> Result<Json, String>) -> Result<Json, String> {
    let response = catch_unwind(AssertUnwindSafe(respond));
    response.unwrap_or_else(|panic| Err(panicked(&panic)))
}

fn panicked(panic: &Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the responder panicked: {}", text.unwrap_or_default())
}
