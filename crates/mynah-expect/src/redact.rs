//! What of statements is shown, and kept for that: no passwords, and of long texts the beginning.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use mynah_session::sql::{Secrets, Settings, is_password_name};

use crate::call::Call;
use crate::near::floor;
use crate::text::Statement;
use crate::value::Value;

/// What may be shown of a statement.
#[derive(Clone, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) call: Cow<'a, Call>,
    /// Whether it has passwords, which are hidden.
    pub(crate) has_secrets: bool,
}

/// A statement without its passwords.
pub(crate) fn shown(call: &Call) -> Shown<'_> {
    let sql = call.statement.text();
    let secrets = Secrets::of(sql.as_bytes(), &Settings::default());
    let params = call.params.iter();
    let hides = |value: &Value| secrets.parameters || is_secret(value);
    let hides_params: Vec<_> = params.map(hides).collect();
    let hides_attribute =
        |(name, value): (&String, &Value)| is_password_name(name.as_bytes()) || is_secret(value);
    let hides_attributes = call.query_attributes.iter().any(hides_attribute);
    let has_secrets = !secrets.is_empty() || hides_params.contains(&true) || hides_attributes;
    if !has_secrets {
        return Shown {
            call: Cow::Borrowed(call),
            has_secrets,
        };
    }
    let text = String::from_utf8_lossy(&secrets.mask(sql.as_bytes())).into_owned();
    let statement = Statement::with_reading(&text, call.statement.reading());
    let params = call.params.iter().zip(hides_params);
    let attributes = call.query_attributes.iter().map(|(name, value)| {
        let value = visible(value, hides_attribute((name, value)));
        (name.clone(), value)
    });
    let shown = Call {
        statement: statement.with_digest_of(&text.replace(HIDDEN, "?")),
        params: params.map(|(value, hides)| visible(value, hides)).collect(),
        query_attributes: attributes.collect(),
        ..call.clone()
    };
    Shown {
        call: Cow::Owned(shown),
        has_secrets,
    }
}

fn is_secret(value: &Value) -> bool {
    match value {
        Value::Text(text) => Secrets::are_in(text.as_bytes()),
        Value::Bytes(bytes) => Secrets::are_in(bytes),
        Value::Null | Value::Number(_) => false,
    }
}

fn visible(value: &Value, is_hidden: bool) -> Value {
    match is_hidden {
        true => Value::from(HIDDEN),
        false => value.clone(),
    }
}

/// A text of an expectation, or of a statement, without its passwords.
pub(crate) fn text(sql: &str) -> Cow<'_, str> {
    let secrets = Secrets::of(sql.as_bytes(), &Settings::default());
    match secrets.mask(sql.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(sql),
        Cow::Owned(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
    }
}

/// Whether a statement's parameters may be passwords.
pub(crate) fn has_secret_params(sql: &str) -> bool {
    Secrets::of(sql.as_bytes(), &Settings::default()).parameters
}

/// What a server said of a statement, no longer than is kept.
pub(crate) fn message(message: String, has_secrets: bool) -> String {
    match has_secrets || Secrets::are_in(message.as_bytes()) {
        true => "(hidden)".to_owned(),
        false => match beginning(&message, LONGEST_MESSAGE) {
            Some(beginning) => noted(beginning, message.len()),
            None => message,
        },
    }
}

/// What a client says of itself, without passwords.
pub(crate) fn attributes(attributes: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| {
            let hides = is_password_name(name.as_bytes()) || Secrets::are_in(value.as_bytes());
            (name.as_str(), if hides { HIDDEN } else { value })
        })
        .collect()
}

impl Shown<'_> {
    /// The same to be kept: of long texts and values only the beginning. `call` is what it was made of.
    pub(crate) fn kept(self, call: &Arc<Call>) -> (Arc<Call>, Option<usize>) {
        let text = self.call.statement.text();
        let len = text.len();
        let cut = beginning(text, LONGEST);
        let values = self
            .call
            .params
            .iter()
            .chain(self.call.query_attributes.values());
        if cut.is_none() && values.map(Value::size).sum::<usize>() <= LONGEST {
            let call = match self.call {
                Cow::Borrowed(_) => Arc::clone(call),
                Cow::Owned(call) => Arc::new(call),
            };
            return (call, None);
        }
        let mut room = LONGEST;
        let params = self
            .call
            .params
            .iter()
            .map(|value| within(value, &mut room));
        let params = params.collect();
        let attributes = self.call.query_attributes.iter();
        let attributes = attributes.map(|(name, value)| (name.clone(), within(value, &mut room)));
        let kept = Call {
            statement: Statement::with_reading(cut.unwrap_or(text), self.call.statement.reading()),
            command: self.call.command,
            params,
            schema: self.call.schema.clone(),
            query_attributes: attributes.collect(),
            connection: Arc::clone(&self.call.connection),
        };
        (Arc::new(kept), cut.map(|_| len))
    }
}

/// As much of a value as there is room for, which gets less by it.
fn within(value: &Value, room: &mut usize) -> Value {
    let cut = match value {
        Value::Text(text) => beginning(text, *room).map(|cut| noted(cut, text.len())),
        Value::Bytes(bytes) if bytes.len() > *room => Some(noted("", bytes.len())),
        _ => None,
    };
    let value = cut.map_or_else(|| value.clone(), Value::Text);
    *room = room.saturating_sub(value.size());
    value
}

/// The beginning of a text that is longer than this.
fn beginning(text: &str, most: usize) -> Option<&str> {
    match text.len() > most {
        true => text.get(..floor(text, most)),
        false => None,
    }
}

/// A text of which only the beginning is there, with a note of how long it was.
pub(crate) fn noted(beginning: &str, len: usize) -> String {
    format!("{beginning}... ({len} bytes)")
}

/// How many bytes of a statement's text, and of its values, are kept.
pub(crate) const LONGEST: usize = 64 << 10;

/// How many bytes of an error's message are kept.
const LONGEST_MESSAGE: usize = 4 << 10;

/// What stands in the place of a password.
pub(crate) const HIDDEN: &str = "***";
