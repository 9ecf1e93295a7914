//! The script, changed while the mock runs.

use std::fmt;
use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use serde_json::json;
use tokio::sync::oneshot;

use crate::refusal::Refusal;
use crate::reply::{self, Reply};

/// What plays a script, and can play another one. New sessions have the new script; those that are open go on
/// with theirs.
pub trait ScriptControl: fmt::Debug + Send + Sync {
    /// Plays a script in place of the one before; without one, reads the file again. It may take some time.
    ///
    /// # Errors
    /// Why it can't be played, for people; the one before stays.
    fn replace(&self, script: Option<NewScript>) -> Result<Replaced, String>;

    /// Why clients are refused, if they are.
    fn problem(&self) -> Option<String>;
}

/// A script that isn't in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScript {
    /// Its text.
    pub text: String,
    /// Whether it is JSON, not JavaScript.
    pub is_json: bool,
}

/// A script that is played now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// How it is run.
    pub class: String,
}

/// Plays another script.
pub(crate) async fn put(
    control: Option<&Arc<dyn ScriptControl>>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Reply, Refusal> {
    let Some(control) = control.map(Arc::clone) else {
        return Err(Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            "this mock can't change its script",
        ));
    };
    let script = match body {
        [] => None,
        body => Some(NewScript {
            text: String::from_utf8(body.to_vec()).map_err(Refusal::unprocessable)?,
            is_json: is_json(headers)?,
        }),
    };
    let (sender, replaced) = oneshot::channel();
    // A script may take its time, and other requests don't wait for it.
    let replace = move || drop(sender.send(control.replace(script)));
    std::thread::Builder::new()
        .name("mynah script".to_owned())
        .spawn(replace)
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    match replaced.await {
        Ok(Ok(replaced)) => reply::value(&json!({"class": replaced.class})),
        Ok(Err(why)) => Err(Refusal::unprocessable(why)),
        Err(_panicked) => Err(Refusal::bare(StatusCode::INTERNAL_SERVER_ERROR)),
    }
}

fn is_json(headers: &HeaderMap) -> Result<bool, Refusal> {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|given| given.to_str().ok());
    let given = given.unwrap_or_default().split(';').next().map(str::trim);
    match given {
        Some("application/json") => Ok(true),
        Some("text/javascript" | "application/javascript") => Ok(false),
        _ => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the Content-Type of a script is application/json or text/javascript",
        )),
    }
}
