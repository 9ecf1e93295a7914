use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use mynah_classic::tables::Product;
use mynah_expect::{Call, NamedError, TemplateValues, fill_in, has_templates};
use mynah_session::{Completion, Encodings, Failure, Outcome, Prepared, Reply};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::missing::Missing;
use crate::document::{Defaults, Entry, Json, entry};
use crate::prepared::ahead;

/// The answer of an expectation, read by the same rules as the entries of a script. It is kept as JSON if it
/// has templates.
#[derive(Debug)]
pub struct Answer {
    /// As it was written.
    json: Box<str>,
    made: Option<Box<Made>>,
    /// Of one with templates: what is known of it when the statement is prepared.
    ahead: Option<Box<Prepared>>,
    /// Why it can't be played, if it can't.
    missing: Option<Missing>,
    /// What differs from run to run in it, if something does.
    varying: Option<Box<Varying>>,
    /// What it is computed by each time, if it is.
    compute: Option<Computing>,
    /// Whether it answers a preparation and no execution.
    is_of_preparation: bool,
}

/// A function that computes the answer to a statement.
pub type Compute = dyn Fn(&Arc<Call>) -> Computed + Send + Sync;

/// An answer that a function computed: JSON as in an expectation, or why there is none.
#[expect(missing_debug_implementations, reason = "a future has nothing to show")]
pub enum Computed {
    /// The answer, or why there is none, is already known.
    Now(Result<Value, String>),
    /// The answer comes when this future completes. The thread serves other clients meanwhile.
    Later(Pin<Box<dyn Future<Output = Result<Value, String>>>>),
}

#[derive(Clone)]
struct Computing(Arc<Compute>);

impl fmt::Debug for Computing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("computed")
    }
}

/// What a statement gets.
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub(crate) enum Given {
    Made(Made),
    Later(Pin<Box<dyn Future<Output = Result<Made, String>>>>),
}

/// A recorded answer with values that differ from run to run.
#[derive(Clone, Debug)]
pub(crate) struct Varying {
    pub(crate) answer: mynah_recording::Answer,
    /// How much later volatile moments are than recorded ones.
    pub(crate) shift: Option<SignedDuration>,
}

/// What an answer says.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) reply: Reply,
    /// What answers the files that the reply asks for, in order.
    pub(crate) files: Vec<Reply>,
    /// The answer when the statement is prepared; without it, it is made of the reply.
    prepared: Option<Prepared>,
}

impl Serialize for Answer {
    /// As it was written.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.compute.is_some() {
            return Err(serde::ser::Error::custom("the answer is computed"));
        }
        let json: Value = serde_json::from_str(&self.json).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

impl Answer {
    /// An answer that is always the same, or one with templates, which are filled in each time.
    pub(super) fn new(json: &Value) -> Result<Self, String> {
        let answer = with_named_errors(json)?;
        match has_templates(&answer).map_err(|error| error.to_string())? {
            true => Ok(Self {
                ahead: without_templates(&answer).map(Box::new),
                ..Self::missing(json, None)
            }),
            false => Self::fixed(json, &answer),
        }
    }

    /// An answer with the keys that an expectation has for answers. Templates in it stay as they are.
    ///
    /// # Errors
    /// The mistakes in the answer, as text.
    pub fn from_json(json: &Value) -> Result<Self, String> {
        Self::fixed(json, &with_named_errors(json)?)
    }

    /// An answer that this function computes for each match.
    #[must_use]
    pub fn computed(compute: Arc<Compute>) -> Self {
        Self {
            compute: Some(Computing(compute)),
            ..Self::missing(&Value::Null, None)
        }
    }

    /// An answer of a server, in which nothing is a template.
    pub(crate) fn recorded(json: &Value) -> Result<Self, String> {
        Self::fixed(json, json)
    }

    /// An answer that isn't known.
    pub(crate) fn missing(json: &Value, missing: Option<Missing>) -> Self {
        Self {
            json: json.to_string().into(),
            made: None,
            ahead: None,
            missing,
            compute: None,
            varying: None,
            is_of_preparation: false,
        }
    }

    fn fixed(json: &Value, answer: &Value) -> Result<Self, String> {
        let mut made = make(answer)?;
        made.reply.encodings = Some(Encodings::default());
        Ok(Self {
            made: Some(Box::new(made)),
            ..Self::missing(json, None)
        })
    }

    /// The same, after this time.
    pub(crate) fn after(mut self, time: std::time::Duration) -> Self {
        if let Some(made) = &mut self.made {
            made.reply.exec_time = time;
        }
        self
    }

    /// The same with values that differ from run to run.
    pub(crate) fn varying(mut self, varying: Option<Varying>) -> Self {
        self.varying = varying.map(Box::new);
        self
    }

    /// What differs from run to run in it, if something does.
    pub(crate) fn varies(&self) -> Option<&Varying> {
        self.varying.as_deref()
    }

    /// The same as this JSON says: with other values in place of those that differ from run to run.
    pub(crate) fn made_of(&self, json: &Value) -> Result<Made, String> {
        // It has no encodings that are kept: the next time, its values may be others.
        let mut made = make(json)?;
        if let Some(recorded) = &self.made {
            made.reply.exec_time = recorded.reply.exec_time;
        }
        Ok(made)
    }

    /// Turns the answer into that to a preparation: an error then refuses to prepare the statement.
    #[must_use]
    pub fn of_preparation(mut self) -> Self {
        self.is_of_preparation = true;
        self
    }

    /// What it says, unless that has templates.
    pub(crate) fn into_reply(self) -> Option<Reply> {
        self.made.map(|made| made.reply)
    }

    /// Why it can't be played, if it can't.
    pub(crate) fn why_missing(&self) -> Option<&Missing> {
        self.missing.as_ref()
    }

    /// Whether it answers a preparation and no execution. It is then [`given`](Self::given) to the preparation.
    pub(crate) const fn is_of_preparation(&self) -> bool {
        self.is_of_preparation
    }

    /// What is known of the answer to an execution when the statement is prepared.
    pub(crate) fn prepared(&self) -> Prepared {
        match self.made.as_deref() {
            None => self.ahead.as_deref().cloned().unwrap_or_default(),
            Some(made) => made.prepared(),
        }
    }

    /// What it says to a statement that meets the expectation for the so many-th time.
    pub(crate) fn given(&self, call: &Arc<Call>, times: u64) -> Result<Given, String> {
        if let Some(Computing(compute)) = &self.compute {
            return match compute(call) {
                Computed::Now(json) => json.and_then(|json| of_json(&json)).map(Given::Made),
                Computed::Later(json) => Ok(Given::Later(Box::pin(async move {
                    json.await.and_then(|json| of_json(&json))
                }))),
            };
        }
        self.made(call, times).map(Given::Made)
    }

    fn made(&self, call: &Call, times: u64) -> Result<Made, String> {
        if let Some(made) = &self.made {
            return Ok(Made::clone(made));
        }
        let values = call.values();
        let now = jiff::Timestamp::now().to_zoned(TimeZone::UTC);
        let now = now.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let random = || u128::from(RandomState::new().build_hasher().finish());
        let seed = random() << 64 | random();
        let mut values = TemplateValues::new(&values, call.statement.text(), &now, seed, times);
        let json = serde_json::from_str(&self.json).map_err(|error| error.to_string())?;
        let filled = fill_in(&with_named_errors(&json)?, &mut values);
        make(&filled.map_err(|error| error.to_string())?)
    }
}

impl Made {
    /// The answer to a preparation, if this is the answer of an expectation of `prepare`.
    pub(crate) fn into_preparation(self) -> Result<Prepared, Failure> {
        match self.reply.outcome {
            Outcome::Error(failure) => Err(failure),
            _ => Ok(self.prepared()),
        }
    }

    fn prepared(&self) -> Prepared {
        let said = self.prepared.clone();
        said.unwrap_or_else(|| ahead(&self.reply, None))
    }
}

/// Success without more to say.
pub(crate) fn ok() -> Reply {
    Outcome::Ok(Completion::default()).into()
}

impl From<Reply> for Made {
    fn from(reply: Reply) -> Self {
        Self {
            reply,
            files: Vec::new(),
            prepared: None,
        }
    }
}

fn of_json(json: &Value) -> Result<Made, String> {
    make(&with_named_errors(json)?)
}

fn make(answer: &Value) -> Result<Made, String> {
    let read = |answer| {
        let mut json = Json::<true>::default();
        let read = entry(&mut json, &Some(answer), Defaults::default());
        read.map_err(|misfit| misfit.to_string())
    };
    // What is only said of preparations is no answer.
    if let Some(object) = answer.as_object()
        && object.len() == 1
        && object.contains_key("prepared")
    {
        let mut with_ok = object.clone();
        with_ok.insert("ok".to_owned(), json!({}));
        return make(&Value::Object(with_ok));
    }
    let Entry {
        reply,
        files,
        prepared,
    } = read(answer)?;
    let files = files.into_iter().map(|file| match file.flatten() {
        Some(answer) => read(answer).map(|entry| entry.reply),
        None => Ok(ok()),
    });
    Ok(Made {
        reply,
        files: files.collect::<Result<_, String>>()?,
        prepared,
    })
}

/// What an answer with templates says of the preparation, as long as that needs no value of the statement: its
/// `prepared`, or columns with types.
fn without_templates(answer: &Value) -> Option<Prepared> {
    let known = match answer.get("prepared") {
        Some(prepared) => json!({ "prepared": prepared }),
        None => {
            let columns = answer.get("result")?.get("columns")?;
            let has_type = |column: &Value| column.get("type").is_some();
            let are_typed = columns
                .as_array()
                .is_some_and(|all| all.iter().all(has_type));
            are_typed.then(|| json!({"result": {"columns": columns}}))?
        }
    };
    if has_templates(&known).unwrap_or(true) {
        return None;
    }
    make(&known).ok().map(|made| made.prepared())
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
