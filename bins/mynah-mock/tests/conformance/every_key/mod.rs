//! Each key of a trace with each kind of value: the answer, or the error. A table has the place of
//! each key and the rule by which it is read; the cases are made from the table.

mod answers;
mod connections;

use std::fmt::Debug;

/// The value of a key, or of an element of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Absent,
    Undefined,
    Null,
    Empty,
    Number,
    Text,
    Object,
    Array,
    /// An array with a hole; as an element, a hole.
    Hole,
}

impl Value {
    const ALL: [Self; 9] = [
        Self::Absent,
        Self::Undefined,
        Self::Null,
        Self::Empty,
        Self::Number,
        Self::Text,
        Self::Object,
        Self::Array,
        Self::Hole,
    ];

    const fn source(self) -> &'static str {
        match self {
            Self::Absent => "",
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Empty => "\"\"",
            Self::Number => "7",
            Self::Text => "\"x\"",
            Self::Object => "{}",
            Self::Array => "[]",
            Self::Hole => "[,]",
        }
    }

    const fn is_json(self) -> bool {
        !matches!(self, Self::Undefined | Self::Hole)
    }

    const fn is_set(self) -> bool {
        !matches!(self, Self::Absent | Self::Undefined)
    }

    const fn is_object(self) -> bool {
        matches!(self, Self::Object | Self::Array | Self::Hole)
    }

    const fn is_array(self) -> bool {
        matches!(self, Self::Array | Self::Hole)
    }

    /// The name of the kind in error texts.
    const fn kind(self) -> &'static str {
        match self {
            Self::Absent | Self::Undefined => "primitive, undefined",
            Self::Null => "null, primitive",
            Self::Empty | Self::Text => "primitive, string",
            Self::Number => "number, primitive",
            Self::Object => "object",
            Self::Array | Self::Hole => "array, object",
        }
    }

    /// The result of `String()`.
    const fn text(self) -> &'static str {
        match self {
            Self::Absent | Self::Empty | Self::Array | Self::Hole => "",
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Number => "7",
            Self::Text => "x",
            Self::Object => "[object Object]",
        }
    }
}

/// The rule by which a value is read, or its error.
type Rule<T> = Box<dyn Fn(Value) -> Result<T, String>>;

/// A part of a trace, and its outcome.
type Case<T> = (String, Result<T, String>);

/// A key.
struct Key<T> {
    /// Its name; empty for an element of an array.
    name: &'static str,
    /// A part of a trace, in JSON, with `$` where the key stands.
    at: &'static str,
    rule: Rule<T>,
    /// The rule of JSON traces, if they have their own.
    json: Option<Rule<T>>,
    /// Values that aren't cases of the table.
    except: &'static [Value],
}

impl<T> Key<T> {
    fn new(
        name: &'static str,
        at: &'static str,
        rule: impl Fn(Value) -> Result<T, String> + 'static,
    ) -> Self {
        Self {
            name,
            at,
            rule: Box::new(rule),
            json: None,
            except: &[],
        }
    }

    fn except(self, except: &'static [Value]) -> Self {
        Self { except, ..self }
    }

    fn in_json(self, rule: impl Fn(Value) -> Result<T, String> + 'static) -> Self {
        Self {
            json: Some(Box::new(rule)),
            ..self
        }
    }

    /// The part of a trace with this value.
    fn source(&self, value: Value) -> String {
        let name = self.name;
        let source = match (name, value) {
            (_, Value::Absent) => return self.at.replace("$,", "").replace('$', ""),
            ("", Value::Hole) => return self.at.replace("$,", ",").replace('$', ","),
            ("", _) => value.source().to_owned(),
            _ => format!("{name:?}: {}", value.source()),
        };
        self.at.replace('$', &source)
    }

    /// All cases in JavaScript, with their outcomes.
    fn cases_in_js(&self) -> Vec<Case<T>> {
        let values = Value::ALL.into_iter();
        let values = values.filter(|value| !self.except.contains(value));
        values
            .map(|value| (self.source(value), (self.rule)(value)))
            .collect()
    }

    /// All cases that JSON allows, with their outcomes.
    fn cases_in_json(&self) -> Vec<Case<T>> {
        let rule = self.json.as_ref().unwrap_or(&self.rule);
        let values = Value::ALL.into_iter();
        let values = values.filter(|value| value.is_json() && !self.except.contains(value));
        values
            .map(|value| (self.source(value), rule(value)))
            .collect()
    }
}

/// Asserts the outcome of each case; names all that differ.
fn assert_as_wanted<T: PartialEq + Debug>(found: Vec<T>, wanted: Vec<(String, T)>) {
    assert_eq!(found.len(), wanted.len());
    let cases = wanted.len();
    let differ: Vec<String> = found
        .into_iter()
        .zip(wanted)
        .filter(|(found, (_, want))| found != want)
        .map(|(found, (source, want))| format!("{source}\n  is {found:?}\n  not {want:?}"))
        .collect();
    assert!(
        differ.is_empty(),
        "{} of {cases} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}

/// A whole number. Without a default, absence is an error.
fn unsigned<T>(
    name: &'static str,
    at: &'static str,
    default: Option<u32>,
    make: impl Fn(u32) -> T + 'static,
) -> Key<T> {
    Key::new(name, at, move |value| match value {
        Value::Number => Ok(make(7)),
        value if value.is_set() => Err(format!(
            "wrong type for field \"{name}\", expected unsigned number"
        )),
        _ => default.map(&make).ok_or_else(|| missing(name)),
    })
}

/// A string. Without a default, absence is an error.
fn string<T>(
    name: &'static str,
    at: &'static str,
    default: Option<&'static str>,
    make: impl Fn(&'static str) -> T + 'static,
) -> Key<T> {
    Key::new(name, at, move |value| match value {
        Value::Empty | Value::Text => Ok(make(value.text())),
        value if value.is_set() => Err(not_a_string(name)),
        _ => default.map(&make).ok_or_else(|| missing(name)),
    })
}

/// Any value, converted to a string; absent is the empty string.
fn any_as_string<T>(
    name: &'static str,
    at: &'static str,
    make: impl Fn(&'static str) -> Result<T, String> + 'static,
) -> Key<T> {
    Key::new(name, at, move |value| {
        make(if value.is_set() { value.text() } else { "" })
    })
}

/// A time in milliseconds.
fn millis<T>(
    name: &'static str,
    at: &'static str,
    wrong: &'static str,
    make: impl Fn() -> T + 'static,
) -> Key<T> {
    Key::new(name, at, move |value| match value {
        Value::Absent | Value::Undefined | Value::Number => Ok(make()),
        _ => Err(format!("{wrong} {}", value.kind())),
    })
}

/// A key that is ignored.
fn ignored<T>(name: &'static str, at: &'static str, make: impl Fn() -> T + 'static) -> Key<T> {
    Key::new(name, at, move |_| Ok(make()))
}

fn missing(name: &str) -> String {
    format!("Wrong statements document structure: missing field \"{name}\"")
}

fn not_a_string(name: &str) -> String {
    format!("wrong type for field \"{name}\", expected string")
}

const NO_OBJECT: &str = "expect an object";
