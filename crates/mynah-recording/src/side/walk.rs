use serde_json::{Map, Value};

/// Calls a function for each result set in the answers of an entry, until it fails. The function gets the keys of the
/// result.
pub(super) fn results<E>(
    entry: &mut Value,
    each: &mut impl FnMut(&mut Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    let answers = entry.get_mut("answers").and_then(Value::as_array_mut);
    for answer in answers.into_iter().flatten() {
        outcome(answer, each)?;
    }
    Ok(())
}

fn outcome<E>(
    outcome_of: &mut Value,
    each: &mut impl FnMut(&mut Map<String, Value>) -> Result<(), E>,
) -> Result<(), E> {
    for key in ["result", "out_parameters"] {
        if let Some(Value::Object(set)) = outcome_of.get_mut(key) {
            each(set)?;
        }
    }
    let results = outcome_of.get_mut("results").and_then(Value::as_array_mut);
    for result in results.into_iter().flatten() {
        outcome(result, each)?;
    }
    match outcome_of.pointer_mut("/local_infile/answer") {
        Some(answer) => outcome(answer, each),
        None => Ok(()),
    }
}

/// Replaces a key of an object and its value, at the same place.
pub(super) fn replace(object: &mut Map<String, Value>, key: &str, by: (&str, Value)) {
    let (new_key, value) = by;
    let mut value = Some(value);
    let before = std::mem::take(object);
    object.extend(
        before
            .into_iter()
            .filter_map(|(name, old)| match name == key {
                true => Some((new_key.to_owned(), value.take()?)),
                false => Some((name, old)),
            }),
    );
}
