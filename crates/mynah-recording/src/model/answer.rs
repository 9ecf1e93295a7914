use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Completion, Failure, Outcome, Prepared, ResultSet};

/// A server's answer to a statement, with the keys of JSON scripts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// What the server answered; `None` if the answer never began.
    pub outcome: Option<Outcome>,
    /// The time from the end of the statement, or of the answer before it if that came later, to the end of the
    /// answer, in microseconds; `None` if it isn't known.
    pub latency_us: Option<u64>,
    /// Why the answer isn't complete, in words; such an answer isn't played. `None` for a complete answer.
    pub incomplete: Option<String>,
}

impl Answer {
    /// Whether two answers have the same content, regardless of their latency.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.incomplete == other.incomplete
    }

    /// What the server said of a statement that it prepared; `None` for other answers, and if it was cut off.
    pub(crate) fn preparation(&self) -> Option<&Prepared> {
        match (&self.outcome, &self.incomplete) {
            (Some(Outcome::Prepared(prepared)), None) => Some(prepared),
            _ => None,
        }
    }
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome: Some(outcome),
            ..Self::default()
        }
    }
}

/// A file that the server asked the client for (LOAD DATA LOCAL INFILE).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileAsked {
    /// The name of the file on the client's side.
    pub filename: String,
    /// The number of bytes that the client sent.
    pub size: u64,
    /// The SHA-256 of the file's bytes, in hex.
    pub sha256: String,
    /// The server's answer after it got the file.
    pub answer: Box<Answer>,
}

/// An answer, or one of its results, as JSON has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ok: Option<Completion>,
    error: Option<Failure>,
    result: Option<ResultSet>,
    out_parameters: Option<ResultSet>,
    local_infile: Option<FileAsked>,
    results: Option<Vec<Outcome>>,
    prepared: Option<Prepared>,
    latency_us: Option<u64>,
    incomplete: Option<String>,
}

impl Written {
    fn outcome<E: Error>(&mut self) -> Result<Option<Outcome>, E> {
        let all = [
            self.ok.take().map(Outcome::Ok),
            self.error.take().map(Outcome::Error),
            self.result.take().map(Outcome::Result),
            self.out_parameters.take().map(Outcome::OutParameters),
            self.local_infile.take().map(Outcome::LocalInfile),
            self.results.take().map(Outcome::Results),
            self.prepared.take().map(Outcome::Prepared),
        ];
        let mut given = all.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(one), Some(other)) => Err(E::custom(format!(
                "{} and {} together; an answer has one of them",
                one.key(),
                other.key()
            ))),
            (outcome, _) => Ok(outcome),
        }
    }
}

impl Outcome {
    /// The outcome's key in the JSON of a recording: `ok`, `error`, `result` and so on.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Ok(_) => "ok",
            Self::Error(_) => "error",
            Self::Result(_) => "result",
            Self::OutParameters(_) => "out_parameters",
            Self::LocalInfile(_) => "local_infile",
            Self::Results(_) => "results",
            Self::Prepared(_) => "prepared",
        }
    }

    fn put<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let key = self.key();
        match self {
            Self::Ok(ok) => map.serialize_entry(key, ok),
            Self::Error(error) => map.serialize_entry(key, error),
            Self::Result(result) | Self::OutParameters(result) => map.serialize_entry(key, result),
            Self::LocalInfile(file) => map.serialize_entry(key, file),
            Self::Results(results) => map.serialize_entry(key, results),
            Self::Prepared(prepared) => map.serialize_entry(key, prepared),
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(1))?;
        self.put(&mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut written = Written::deserialize(from)?;
        let outcome = written.outcome()?;
        outcome.ok_or_else(|| D::Error::custom("a result has ok, error, result or the like"))
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if let Some(outcome) = &self.outcome {
            outcome.put(&mut map)?;
        }
        if let Some(latency) = self.latency_us {
            map.serialize_entry("latency_us", &latency)?;
        }
        if let Some(why) = &self.incomplete {
            map.serialize_entry("incomplete", why)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut written = Written::deserialize(from)?;
        let outcome = written.outcome()?;
        if outcome.is_none() && written.incomplete.is_none() {
            return Err(D::Error::custom(
                "an answer has ok, error, result or the like, or incomplete",
            ));
        }
        Ok(Self {
            outcome,
            latency_us: written.latency_us,
            incomplete: written.incomplete,
        })
    }
}
