use jiff::SignedDuration;
use mynah_expect::{Call, Value as Literal};
use mynah_session::Reply;
use serde_json::{Value, json};

use super::{ReplayOptions, Volatiles};
use crate::expectations::{Answer, Missing, Varying};

/// How answers of a part are played.
pub(super) struct Answering<'r> {
    pub(super) options: &'r ReplayOptions,
    pub(super) volatiles: &'r Volatiles,
    /// How much later volatile moments are than recorded ones.
    pub(super) shift: Option<SignedDuration>,
}

/// An answer to a statement of this text. One that can't be played is missing.
pub(super) fn answer(json: &Value, text: &str, answering: &Answering<'_>) -> Answer {
    let varying = answering.varying(json);
    if let Some(why) = json.get("incomplete") {
        let why = why.as_str().unwrap_or("cut off").to_owned();
        return Answer::missing(json, Some(Missing::Incomplete(why)));
    }
    let mut json = json.clone();
    if let Some(name) = other_file(&mut json, text) {
        return Answer::missing(&json, Some(Missing::OtherFile(name)));
    }
    let latency = json.get("latency_us").and_then(Value::as_u64);
    match Answer::recorded(&json) {
        Ok(answer) => answer
            .after(answering.options.time.of(latency.unwrap_or(0)))
            .varying(varying),
        Err(problem) => Answer::missing(&json, Some(Missing::Unreadable(problem))),
    }
}

/// Converts an answer of a recording to a reply; `None` if the answer can't be played.
#[must_use]
pub fn recorded_reply(answer: &Value) -> Option<Reply> {
    if answer.get("incomplete").is_some() {
        return None;
    }
    Answer::recorded(answer).ok()?.into_reply()
}

impl Answering<'_> {
    /// An answer with volatile values, which are filled in each time.
    fn varying(&self, json: &Value) -> Option<Varying> {
        // What the client is asked for is no value of the answer.
        if self.volatiles.is_empty() || json.get("local_infile").is_some() {
            return None;
        }
        let mut answer = serde_json::from_value(json.clone()).ok()?;
        self.volatiles.vary(&mut answer).then_some(Varying {
            answer,
            shift: self.shift,
        })
    }
}

/// The name of a file that a client would be asked for without having named it. A file that it named may be as long
/// as the recorded one, and longer.
fn other_file(answer: &mut Value, text: &str) -> Option<String> {
    if let Some(results) = answer.get_mut("results").and_then(Value::as_array_mut) {
        return results
            .iter_mut()
            .find_map(|result| other_file(result, text));
    }
    let file = answer.get_mut("local_infile")?.as_object_mut()?;
    let size = file.get("size").and_then(Value::as_u64).unwrap_or(0);
    let limit = size.saturating_mul(2).clamp(LEAST, MOST);
    file.entry("limit").or_insert(json!(limit));
    let name = file.get("filename").and_then(Value::as_str)?.to_owned();
    let named = Literal::Text(name.clone());
    let values = Call::query(text).values();
    (!values.contains(&named)).then_some(name)
}

/// How many bytes of a file are taken at least, and at most.
const LEAST: u64 = 16 << 20;
const MOST: u64 = 1 << 30;
