use std::time::Duration;

use mynah_classic::tables::{Product, ServerError};
use serde_json::{Map, Value as Json, json};

/// The answer to a statement: OK, an error, rows, several results, or another answer that scripts have (see
/// [`json`](Self::json)).
#[derive(Clone, Debug)]
#[must_use]
pub struct Response(pub(super) Result<Json, String>);

/// An OK without rows; with 0 affected rows, no insert id and no message unless other methods set them.
pub fn ok() -> Response {
    Response::json(json!({"ok": {}}))
}

/// An error by its name or its number: `error("ER_DUP_ENTRY")`, `error(codes::ER_DUP_ENTRY)`. The SQL state is that
/// of MySQL; the message is MySQL's for common errors, with sample words in place of its placeholders, and the
/// error's name for others. A number that MySQL doesn't have gets HY000 and `error N`. With a name that MySQL doesn't
/// have, mounting the mock panics or, if a function returned the answer, the client gets an error.
pub fn error(name: impl Into<ErrorName>) -> Response {
    Response::json(json!({"error": name.into().0}))
}

/// The name or the number of a server's error, for [`error`](fn@crate::error).
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorName(Json);

impl From<&str> for ErrorName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl From<u16> for ErrorName {
    fn from(code: u16) -> Self {
        let mut all = ServerError::all(Product::MySql).iter();
        Self(match all.find(|error| error.code == code) {
            Some(known) => known.name.into(),
            None => json!({"code": code, "message": format!("error {code}")}),
        })
    }
}

impl Response {
    /// An answer in JSON, with the keys of answers in scripts: `result`, `ok`, `error`, `results`, `local_infile`,
    /// `fault` and so on. Templates (`{{params.0}}`) in it aren't filled in, and it can't have what takes a function or
    /// a generator in scripts, such as rows that are made as they are sent. With a mistake in the answer, mounting the
    /// mock panics or, if a function returned the answer, the client gets an error.
    pub fn json(answer: Json) -> Self {
        Self(Ok(answer))
    }

    pub(super) fn wrong(problem: String) -> Self {
        Self(Err(problem))
    }

    /// Makes the server wait for this time before it sends the answer.
    pub fn delay(self, delay: Duration) -> Self {
        self.with(None, "exec_time", json!(delay.as_secs_f64() * 1000.0))
    }

    /// Sets the number of affected rows. Only the answer [`ok`](fn@crate::ok) has it; for another answer, mounting
    /// the mock panics or, if a function returned the answer, the client gets an error.
    pub fn affected_rows(self, rows: u64) -> Self {
        self.with(Some("ok"), "affected_rows", rows.into())
    }

    /// Sets the AUTO_INCREMENT value that the statement generated. Only the answer [`ok`](fn@crate::ok) has it; for
    /// another answer, mounting the mock panics or, if a function returned the answer, the client gets an error.
    pub fn last_insert_id(self, id: u64) -> Self {
        self.with(Some("ok"), "last_insert_id", id.into())
    }

    /// Sets the message of an error, or the info text of an OK. With rows or several results, mounting the mock
    /// panics or, if a function returned the answer, the client gets an error.
    pub fn message(self, message: &str) -> Self {
        let Ok(answer) = &self.0 else { return self };
        let Some(error) = answer.get("error") else {
            return self.with(Some("ok"), "message", message.into());
        };
        // A named error has a number and a state, which are kept.
        let name = error
            .as_str()
            .and_then(|name| ServerError::by_name(Product::MySql, name));
        let error = match name {
            Some(known) => json!({
                "code": known.code,
                "sql_state": String::from_utf8_lossy(&known.sql_state.0),
                "message": message,
            }),
            None if error.is_object() => {
                return self.with(Some("error"), "message", message.into());
            }
            None => return self,
        };
        self.with(None, "error", error)
    }

    /// Sets a fault, which delays or breaks the answer on purpose, in the JSON of docs/faults.md.
    pub fn fault(self, fault: Json) -> Self {
        self.with(None, "fault", fault)
    }

    /// Adds a further result to the answer, as for several statements in one text.
    pub fn and_then(self, next: impl Into<Self>) -> Self {
        let (first, next) = match (self.0, next.into().0) {
            (Ok(first), Ok(next)) => (first, next),
            (Err(problem), _) | (_, Err(problem)) => return Self(Err(problem)),
        };
        Self(Ok(match first {
            Json::Object(mut several) if several.contains_key("results") => {
                if let Some(Json::Array(results)) = several.get_mut("results") {
                    results.push(next);
                }
                Json::Object(several)
            }
            first => json!({"results": [first, next]}),
        }))
    }

    /// Sets a key of the answer, or of an object in it.
    fn with(self, within: Option<&str>, key: &str, value: Json) -> Self {
        Self(self.0.and_then(|mut answer| {
            let object = match within {
                None => answer.as_object_mut(),
                Some(name) => answer.get_mut(name).and_then(Json::as_object_mut),
            };
            let object: &mut Map<_, _> = object.ok_or_else(|| match within {
                Some(name) => format!("only the answer \"{name}\" has \"{key}\""),
                None => "an answer is an object".to_owned(),
            })?;
            object.insert(key.to_owned(), value);
            Ok(answer)
        }))
    }
}
