//! The routes of the script, by which it can be replaced.

use std::fmt;
use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use serde_json::json;
use tokio::sync::oneshot;

use crate::refusal::Refusal;
use crate::reply::{self, Reply};

/// The script that a mock plays, and the way to replace it. New connections get the new script; open ones keep the
/// old one, or are closed if the mock is set to do so.
pub trait ScriptControl: fmt::Debug + Send + Sync {
    /// Replaces the script by `script`; with `None`, by the present content of the file that the mock was started with
    /// or, without a file, by the script that the mock started with. Returns when the new script is loaded, which may
    /// take some time.
    ///
    /// # Errors
    /// Why the new script can't be played, or that another one is being loaded; the old script is kept then.
    fn replace(&self, script: Option<NewScript>) -> Result<Replaced, String>;

    /// Why the present script can't be played, so that clients are refused; `None` if it can.
    fn problem(&self) -> Option<String>;
}

/// A script that was sent as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewScript {
    /// The text of the script.
    pub text: String,
    /// Whether the script's text is JSON; otherwise it is JavaScript.
    pub is_json: bool,
}

/// The result of replacing a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// How the new script is run: `static`, `factory`, or `isolated` with the reason.
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
