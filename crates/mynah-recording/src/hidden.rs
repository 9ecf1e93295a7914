//! Values that a recorder has hidden. What a client sent there isn't known, so any value counts as the recorded one.

use std::collections::HashMap;
use std::sync::Arc;

use mynah_expect::{Call, Protocol, Value};

use crate::PartName;

/// What stands in a recording in the place of a hidden value, or of a hidden part of a text.
pub const HIDDEN: &str = "***";

/// The statements of a recording of which values are hidden.
#[derive(Debug, Default)]
pub struct Hidden(HashMap<Shape, Vec<SameHidden>>);

/// What statements have in common that differ only in their values.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Shape {
    part: PartName,
    protocol: Protocol,
    shape: Arc<str>,
}

/// Statements of one shape whose values are hidden at the same places.
#[derive(Debug)]
struct SameHidden {
    /// The places, in ascending order.
    places: Vec<usize>,
    /// What was recorded at these places, by the values at all others.
    by_others: HashMap<Vec<Value>, Vec<Vec<Value>>>,
}

impl Hidden {
    /// Whether no value is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over a recorded statement of a part, if values of it are hidden. `comparable` are its values as they are
    /// compared: those that differ from run to run are equal there.
    pub fn add(&mut self, part: &PartName, call: &Call, comparable: Vec<Value>) {
        let values = call.values();
        let is_hidden = |(_, value): &(usize, &Value)| value.as_str().is_some_and(is_hidden);
        let found = values.iter().enumerate().filter(is_hidden);
        let (places, recorded): (Vec<_>, Vec<_>) =
            found.map(|(place, value)| (place, value.clone())).unzip();
        if places.is_empty() {
            return;
        }
        let shape = Shape::of(part.clone(), call);
        let of_shape = self.0.entry(shape).or_default();
        let place = match of_shape.iter().position(|same| same.places == places) {
            Some(place) => place,
            None => {
                // What says more of a statement is tried first.
                let place = of_shape.partition_point(|same| same.places.len() <= places.len());
                let others = others(comparable.clone(), &places);
                let by_others = HashMap::from([(others, Vec::new())]);
                of_shape.insert(place, SameHidden { places, by_others });
                place
            }
        };
        if let Some(same) = of_shape.get_mut(place) {
            let others = others(comparable, &same.places);
            let known = same.by_others.entry(others).or_default();
            if !known.contains(&recorded) {
                known.push(recorded);
            }
        }
    }

    /// The recorded values in place of what a client sent where they are hidden, or `None` if no recorded statement of
    /// the part, or of `setup`, fits. `comparable` is as in [`add`](Self::add).
    #[must_use]
    pub fn resolve(
        &self,
        part: &PartName,
        call: &Call,
        comparable: impl FnOnce() -> Vec<Value>,
    ) -> Option<Call> {
        if self.0.is_empty() {
            return None;
        }
        let parts = [part.clone(), PartName::setup()].map(|part| Shape::of(part, call));
        let mut found = parts
            .iter()
            .filter_map(|shape| self.0.get(shape))
            .peekable();
        found.peek()?;
        let (values, comparable) = (call.values(), comparable());
        let new = found
            .flatten()
            .find_map(|same| same.find(&values, &comparable))?;
        Some(call.with_values(&new))
    }
}

impl Shape {
    fn of(part: PartName, call: &Call) -> Self {
        Self {
            part,
            protocol: call.connection.protocol,
            shape: Arc::clone(call.statement.shape()),
        }
    }
}

impl SameHidden {
    fn find(&self, values: &[Value], comparable: &[Value]) -> Option<Vec<Option<Value>>> {
        let known = self
            .by_others
            .get(&others(comparable.to_vec(), &self.places))?;
        let sent = || self.places.iter().map(|place| values.get(*place));
        let fits = |recorded: &&Vec<Value>| {
            let mut pairs = recorded.iter().zip(sent());
            pairs.all(|(recorded, sent)| sent.is_some_and(|sent| may_be(recorded, sent)))
        };
        let recorded = known.iter().find(fits)?;
        let mut new = vec![None; values.len()];
        for (place, value) in self.places.iter().zip(recorded) {
            if let Some(slot) = new.get_mut(*place) {
                *slot = Some(value.clone());
            }
        }
        Some(new)
    }
}

fn is_hidden(text: &str) -> bool {
    text.contains(HIDDEN)
}

/// The values, in the form in which like values are equal, without those at these places.
fn others(values: Vec<Value>, places: &[usize]) -> Vec<Value> {
    let each = values.into_iter().enumerate();
    let each = each.map(|(place, value)| match places.binary_search(&place) {
        Ok(_) => Value::Null,
        Err(_) => value.normal(),
    });
    each.collect()
}

/// Whether a value that was sent may be one that is recorded with hidden parts.
fn may_be(recorded: &Value, sent: &Value) -> bool {
    let (Some(recorded), Some(sent)) = (recorded.as_str(), sent.to_text()) else {
        // What is hidden may have been NULL.
        return recorded.as_str() == Some(HIDDEN);
    };
    let mut parts = recorded.split(HIDDEN);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = sent.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<_> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else {
            return false;
        };
        rest = behind;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, Param};

    fn entry(stmt: &str, params: &[&str]) -> Entry {
        let params = params.iter().map(|text| Param::Text((*text).to_owned()));
        Entry {
            stmt: stmt.into(),
            params: Some(params.collect()),
            ..Entry::default()
        }
    }

    fn hidden(entries: &[Entry]) -> Hidden {
        let mut hidden = Hidden::default();
        for entry in entries {
            let call = entry.call();
            hidden.add(&PartName::setup(), &call, call.values());
        }
        hidden
    }

    /// The values under which a statement of a test is looked up, if others than those that were sent.
    fn resolved(hidden: &Hidden, call: &Call) -> Option<Vec<String>> {
        let part = PartName("a".to_owned());
        let found = hidden.resolve(&part, call, || call.values())?;
        let values = found.values();
        Some(values.iter().filter_map(Value::to_text).collect())
    }

    #[test]
    fn bound_and_written_values_stand_for_hidden_ones_of_both_forms() {
        let text = "insert into u (name, password) values ('ada', '***')";
        let prepared = "insert into u (name, password) values (?, ?)";
        let wanted = Some(vec!["ada".to_owned(), "***".to_owned()]);
        for entry in [entry(text, &[]), entry(prepared, &["ada", "***"])] {
            let hidden = hidden(&[entry]);
            for call in [
                Call::query("insert into u (name, password) values ('ada', 'one')"),
                Call::execute(prepared, vec![Value::Text("ada".into()), Value::Null]),
                Call::execute(
                    prepared,
                    vec![Value::Text("ada".into()), Value::Bytes(vec![0xff])],
                ),
            ] {
                assert_eq!(resolved(&hidden, &call), wanted, "{call:?}");
            }
            let other = Call::query("insert into u (name, password) values ('bob', 'one')");
            assert_eq!(resolved(&hidden, &other), None);
        }
    }

    #[test]
    fn the_statement_with_the_fewest_hidden_values_is_meant() {
        let text = "select * from u where name = ? and password = ?";
        let hidden = hidden(&[entry(text, &["***", "***"]), entry(text, &["ada", "***"])]);
        for (name, wanted) in [("ada", ["ada", "***"]), ("bob", ["***", "***"])] {
            let params = [name, "one"].map(|text| Value::Text(text.to_owned()));
            let found = resolved(&hidden, &Call::execute(text, params.to_vec()));
            assert_eq!(found.unwrap(), wanted);
        }
    }

    #[test]
    fn what_is_left_of_a_text_must_be_the_same() {
        let hidden = hidden(&[entry("select ?", &["card *** of *** ends"])]);
        for (sent, fits) in [
            ("card 4111 of ada ends", true),
            ("card  of  ends", true),
            ("card 4111 of ada", false),
            ("card of ends", false),
            ("a card 4111 of ada ends", false),
        ] {
            let call = Call::execute("select ?", vec![Value::Text(sent.to_owned())]);
            assert_eq!(resolved(&hidden, &call).is_some(), fits, "{sent}");
        }
    }

    #[test]
    fn arguments_of_commands_without_places_for_them_may_be_hidden() {
        let admin = Entry {
            command: Some("admin".to_owned()),
            protocol: crate::Protocol::X,
            ..entry("create_collection", &["***"])
        };
        let hidden = hidden(std::slice::from_ref(&admin));
        let sent = Entry {
            params: Some(vec![Param::Text("{\"name\": \"x\"}".to_owned())]),
            ..admin
        };
        let call = sent.call();
        let found = hidden.resolve(&PartName::setup(), &call, || call.values());
        assert_eq!(found.unwrap().params, [Value::Text("***".to_owned())]);
    }
}
