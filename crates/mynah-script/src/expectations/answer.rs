use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::tz::TimeZone;
use mynah_classic::tables::Product;
use mynah_expect::{Call, NamedError, TemplateValues, fill_in, has_templates};
use mynah_session::{Completion, Encodings, Outcome, Reply};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::document::{Defaults, Json, entry};

/// The answer of an expectation, read by the same rules as the entries of a script. It is kept as JSON if it
/// has templates.
#[derive(Debug)]
pub struct Answer {
    /// As it was written.
    json: Value,
    /// Always the same; absent if it has templates, which are filled in each time.
    made: Option<Box<Reply>>,
}

impl Serialize for Answer {
    /// As it was written.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl Answer {
    pub(super) fn new(json: &Value) -> Result<Self, String> {
        let answer = with_named_errors(json)?;
        let made = match has_templates(&answer).map_err(|error| error.to_string())? {
            true => None,
            false => Some(Box::new(Reply {
                encodings: Some(Encodings::default()),
                ..reply(&answer)?
            })),
        };
        let json = json.clone();
        Ok(Self { json, made })
    }

    /// The reply, if it is always the same.
    pub(crate) fn made(&self) -> Option<&Reply> {
        self.made.as_deref()
    }

    /// The reply to a statement that meets the expectation for the so many-th time.
    pub(crate) fn reply(&self, call: &Call, times: u64) -> Result<Reply, String> {
        if let Some(reply) = &self.made {
            return Ok(Reply::clone(reply));
        }
        let values = call.values();
        let now = jiff::Timestamp::now().to_zoned(TimeZone::UTC);
        let now = now.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let random = || u128::from(RandomState::new().build_hasher().finish());
        let seed = random() << 64 | random();
        let mut values = TemplateValues::new(&values, call.statement.text(), &now, seed, times);
        reply(
            &fill_in(&with_named_errors(&self.json)?, &mut values)
                .map_err(|error| error.to_string())?,
        )
    }
}

/// Success without more to say.
pub(crate) fn ok() -> Reply {
    Outcome::Ok(Completion::default()).into()
}

fn reply(answer: &Value) -> Result<Reply, String> {
    let mut json = Json::<true>::default();
    let read = entry(&mut json, &Some(answer), Defaults::default());
    read.map(|entry| entry.reply)
        .map_err(|misfit| misfit.to_string())
}

/// Replaces `error: "ER_LOCK_DEADLOCK"` by the error's number, state and text.
fn with_named_errors(answer: &Value) -> Result<Value, String> {
    let mut answer = answer.clone();
    if let Some(error) = answer.get_mut("error")
        && let Some(name) = error.as_str()
    {
        let named = NamedError::by_name(Product::MySql, name).map_err(|error| error.to_string())?;
        let state = String::from_utf8_lossy(&named.sql_state.0);
        *error = json!({"code": named.code, "sql_state": state, "message": named.message});
    }
    if let Some(results) = answer.get_mut("results").and_then(Value::as_array_mut) {
        for result in results {
            *result = with_named_errors(result)?;
        }
    }
    Ok(answer)
}
