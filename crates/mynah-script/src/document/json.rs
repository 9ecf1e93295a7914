use std::marker::PhantomData;

use serde_json::Value;

use super::{Dialect, Document, Key, Kind, Misfit, Number};

/// Looks at the values of a JSON file, by the rules for a script's values if `AS_A_SCRIPT`. What isn't
/// there is `None`.
#[derive(Debug, Default)]
pub(crate) struct Json<'a, const AS_A_SCRIPT: bool = false> {
    is_compatible: bool,
    values: PhantomData<&'a Value>,
}

impl<const AS_A_SCRIPT: bool> Json<'_, AS_A_SCRIPT> {
    /// Of a script that is played in compatible mode, or isn't.
    pub(crate) fn new(is_compatible: bool) -> Self {
        Self {
            is_compatible,
            values: PhantomData,
        }
    }
}

impl<'a, const AS_A_SCRIPT: bool> Document for Json<'a, AS_A_SCRIPT> {
    type Value = Option<&'a Value>;
    type Error = Misfit;

    const DIALECT: Dialect = Dialect {
        character_set: if AS_A_SCRIPT { 255 } else { 63 },
        json_keys: !AS_A_SCRIPT,
    };

    fn get(&mut self, object: &Self::Value, key: Key) -> Result<Self::Value, Misfit> {
        Ok(object.and_then(|object| object.get(key.name)))
    }

    fn has(&mut self, object: &Self::Value, key: Key) -> Result<bool, Misfit> {
        Ok(object.is_some_and(|object| object.get(key.name).is_some()))
    }

    fn names(&mut self, object: &Self::Value) -> Result<Vec<String>, Misfit> {
        let object = object.and_then(Value::as_object);
        Ok(object.map_or_else(Vec::new, |object| object.keys().cloned().collect()))
    }

    fn member(&mut self, object: &Self::Value, name: &str) -> Result<Self::Value, Misfit> {
        Ok(object.and_then(|object| object.get(name)))
    }

    fn len(&mut self, array: &Self::Value) -> Result<u64, Misfit> {
        let len = array.and_then(Value::as_array).map_or(0, Vec::len);
        Ok(len.try_into().unwrap_or(u64::MAX))
    }

    fn next_element(
        &mut self,
        array: &Self::Value,
        next: &mut u64,
    ) -> Result<Option<Self::Value>, Misfit> {
        let index = usize::try_from(*next).unwrap_or(usize::MAX);
        let element = array.and_then(|array| array.get(index));
        *next += 1;
        Ok(element.map(Some))
    }

    fn is_compatible(&self) -> bool {
        self.is_compatible
    }

    fn kind(&self, value: &Self::Value) -> Kind {
        match value {
            None => Kind::Undefined,
            Some(Value::Null) => Kind::Null,
            Some(Value::Bool(_)) => Kind::Boolean,
            Some(Value::Number(_)) => Kind::Number,
            Some(Value::String(_)) => Kind::String,
            Some(Value::Array(_)) => Kind::Array,
            Some(Value::Object(_)) => Kind::Object,
        }
    }

    fn json(&mut self, value: &Self::Value) -> Result<String, Misfit> {
        Ok(value.map_or_else(|| "null".to_owned(), Value::to_string))
    }

    fn boolean(&self, value: &Self::Value) -> Option<bool> {
        value.as_ref()?.as_bool()
    }

    fn number(&self, value: &Self::Value) -> Option<Number> {
        let number = value.as_ref()?.as_number()?;
        let unsigned = number.as_u64().map(Number::Unsigned);
        unsigned.or_else(|| number.as_f64().map(Number::Float))
    }

    fn text<T>(&mut self, value: &Self::Value, read: impl FnOnce(&[u8]) -> T) -> Result<T, Misfit> {
        Ok(match value {
            Some(Value::String(text)) => read(text.as_bytes()),
            Some(other) => read(text_of(other).as_bytes()),
            None => read(b"undefined"),
        })
    }
}

/// The text that JavaScript's `String()` gives, except that whole numbers keep all their digits.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => ryu_js::Buffer::new().format(float).to_owned(),
            None => number.to_string(),
        },
        Value::String(text) => text.clone(),
        Value::Array(elements) => {
            let elements = elements.iter().map(|element| match element {
                Value::Null => String::new(),
                other => text_of(other),
            });
            elements.collect::<Vec<_>>().join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}
