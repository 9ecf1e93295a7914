use std::sync::Arc;

use boa_engine::object::builtins::JsDate;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use bytes::Bytes;
use mynah_session::RowSource;

use super::absent::{Absent, lacks};
use super::clock::left;
use super::key::js;
use super::problem::Problem;
use super::row_source::{RowIterator, RowSources};
use super::{host, thread};
use crate::document::{Dialect, Document, Key, Keys, Kind, Number, RowColumn, own_error};

/// Looks at the values of a script.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    context: &'a mut Context,
    /// What is known of objects, where it can't change.
    absent: Option<&'a mut Absent>,
    row_sources: &'a mut RowSources,
    is_compatible: bool,
}

impl<'a> Values<'a> {
    pub(super) fn new(
        context: &'a mut Context,
        absent: Option<&'a mut Absent>,
        row_sources: &'a mut RowSources,
        is_compatible: bool,
    ) -> Self {
        Self {
            context,
            absent,
            row_sources,
            is_compatible,
        }
    }

    fn with<T>(
        &mut self,
        value: &JsValue,
        look: impl FnOnce(&JsObject, &mut Context) -> JsResult<T>,
        absent: T,
    ) -> Result<T, Problem> {
        match value.as_object() {
            Some(object) => {
                look(&object, self.context).map_err(|error| Problem::from_js(&error, self.context))
            }
            None => Ok(absent),
        }
    }
}

impl Values<'_> {
    /// `Object.prototype`.
    fn prototype(&self) -> JsObject {
        self.context
            .intrinsics()
            .constructors()
            .object()
            .prototype()
    }

    /// The rows that a value makes, if it makes any; those that were begun, if there are some.
    fn row_iterator(&mut self, value: &JsValue) -> Result<Option<RowIterator>, Problem> {
        if let Some(begun) = self.row_sources.kept(value) {
            return Ok(Some(begun));
        }
        let rows = RowIterator::of(value, self.context);
        rows.map_err(|error| Problem::from_js(&error, self.context))
    }
}

impl Document for Values<'_> {
    type Value = JsValue;
    type Error = Problem;

    const DIALECT: Dialect = Dialect {
        character_set: 255,
        json_keys: false,
    };

    fn get(&mut self, object: &JsValue, key: Key) -> Result<JsValue, Problem> {
        let Some(object) = object.as_object() else {
            return Ok(JsValue::undefined());
        };
        if self.absent.is_none() && object.is_ordinary() && lacks(&object, key, &self.prototype()) {
            return Ok(JsValue::undefined());
        }
        // Proxies and other exotic objects may answer differently each time.
        let mut absent = self.absent.as_mut().filter(|_| object.is_ordinary());
        if let Some(absent) = &absent
            && absent.keys(&object).contains(key)
        {
            return Ok(JsValue::undefined());
        }
        let value = object
            .get(js(key), self.context)
            .map_err(|error| Problem::from_js(&error, self.context))?;
        if let Some(absent) = &mut absent
            && value.is_undefined()
        {
            absent.learn(&object, key);
        }
        Ok(value)
    }

    fn absent(&self, object: &JsValue) -> Keys {
        match (&self.absent, object.as_object()) {
            (Some(absent), Some(object)) if object.is_ordinary() => absent.keys(&object),
            _ => Keys::default(),
        }
    }

    fn has(&mut self, object: &JsValue, key: Key) -> Result<bool, Problem> {
        if let (Some(absent), Some(object)) = (&mut self.absent, object.as_object())
            && object.is_ordinary()
        {
            if absent.keys(&object).contains(key) {
                return Ok(false);
            }
            absent.learn(&object, key);
        }
        let look = |object: &JsObject, context: &mut Context| object.has_property(js(key), context);
        self.with(object, look, false)
    }

    fn names(&mut self, object: &JsValue) -> Result<Vec<String>, Problem> {
        let look = |object: &JsObject, context: &mut Context| {
            let keys = object.own_property_keys(context)?;
            let names = keys.into_iter().filter_map(|key| match key {
                PropertyKey::String(name) => Some(name.to_std_string_lossy()),
                PropertyKey::Index(index) => Some(index.get().to_string()),
                PropertyKey::Symbol(_) => None,
            });
            Ok(names.collect())
        };
        self.with(object, look, Vec::new())
    }

    fn member(&mut self, object: &JsValue, name: &str) -> Result<JsValue, Problem> {
        let look =
            |object: &JsObject, context: &mut Context| object.get(JsString::from(name), context);
        self.with(object, look, JsValue::undefined())
    }

    fn len(&mut self, array: &JsValue) -> Result<u64, Problem> {
        let look = |array: &JsObject, context: &mut Context| {
            array.get(js_string!("length"), context)?.to_length(context)
        };
        self.with(array, look, 0)
    }

    fn next_element(
        &mut self,
        array: &JsValue,
        next: &mut u64,
    ) -> Result<Option<JsValue>, Problem> {
        let from = *next;
        let look = |array: &JsObject, context: &mut Context| {
            let element = array.get(from, context)?;
            // An element that is undefined is one; a hole isn't.
            if !element.is_undefined() || array.has_property(from, context)? {
                return Ok(Some((from, element)));
            }
            match behind_hole(array, from, context)? {
                Some(index) => Ok(Some((index, array.get(index, context)?))),
                None => Ok(None),
            }
        };
        let found = self.with(array, look, None)?;
        Ok(found.map(|(index, element)| {
            *next = index + 1;
            element
        }))
    }

    fn is_compatible(&self) -> bool {
        self.is_compatible
    }

    fn kind(&self, value: &JsValue) -> Kind {
        if value.is_undefined() {
            Kind::Undefined
        } else if value.is_string() {
            Kind::String
        } else if value.is_number() || value.is_bigint() {
            Kind::Number
        } else if let Some(object) = value.as_object() {
            if object.is_array() {
                Kind::Array
            } else if object.is_callable() {
                Kind::Function
            } else {
                Kind::Object
            }
        } else if value.is_null() {
            Kind::Null
        } else if value.is_boolean() {
            Kind::Boolean
        } else {
            Kind::Symbol
        }
    }

    fn bytes(&mut self, value: &JsValue) -> Option<Bytes> {
        let bytes = host::bytes(&value.as_object()?, self.context)?;
        left(bytes.len());
        Some(bytes)
    }

    fn moment(&mut self, value: &JsValue) -> Option<f64> {
        let date = JsDate::from_object(value.as_object()?).ok()?;
        date.get_time(self.context).ok()?.as_number()
    }

    fn json(&mut self, value: &JsValue) -> Result<String, Problem> {
        let text = host::stringify(value, self.context);
        let text = text.map_err(|error| Problem::from_js(&error, self.context))?;
        let text = text.unwrap_or_else(|| "null".to_owned());
        left(text.len());
        Ok(text)
    }

    fn row_source(
        &mut self,
        value: &JsValue,
        columns: &Arc<[RowColumn]>,
    ) -> Result<Option<RowSource>, Problem> {
        let rows = self.row_iterator(value)?;
        Ok(rows.map(|rows| self.row_sources.add(rows.with_columns(columns))))
    }

    fn first_rows(&mut self, value: &JsValue) -> Result<Option<(JsValue, bool)>, Problem> {
        let Some(mut rows) = self.row_iterator(value)? else {
            return Ok(None);
        };
        let (list, has_more) = rows.begin(self.context)?;
        match self.next_element(&list, &mut 0)? {
            Some(first) => {
                if let Some(failure) = own_error(self, &first)? {
                    return Err(Problem::Failed(failure));
                }
            }
            None => {
                if let Some((problem, thrown)) = rows.take_thrown() {
                    let own = own_error(self, &thrown)?;
                    return Err(own.map_or(problem, Problem::Failed));
                }
            }
        }
        self.row_sources.keep(rows);
        Ok(Some((list, has_more)))
    }

    fn is_coroutine(&self, value: &JsValue) -> bool {
        thread::is_coroutine(value)
    }

    fn boolean(&self, value: &JsValue) -> Option<bool> {
        value.as_boolean()
    }

    fn number(&self, value: &JsValue) -> Option<Number> {
        if let Some(number) = value.as_bigint() {
            let exact = number.to_string().parse().ok().map(Number::Unsigned);
            return exact.or_else(|| Some(Number::Float(number.to_f64())));
        }
        let number = value.as_number()?;
        let whole = value.as_i32().and_then(|number| u64::try_from(number).ok());
        Some(whole.map_or(Number::Float(number), Number::Unsigned))
    }

    fn text<T>(&mut self, value: &JsValue, read: impl FnOnce(&[u8]) -> T) -> Result<T, Problem> {
        let text = match value.as_string() {
            Some(text) => text,
            None => value
                .to_string(self.context)
                .map_err(|error| Problem::from_js(&error, self.context))?,
        };
        left(text.len());
        Ok(utf8(&text, read))
    }
}

/// The first index from `hole` on that an array has. A wide hole isn't walked through: that
/// can take minutes.
fn behind_hole(array: &JsObject, hole: u64, context: &mut Context) -> JsResult<Option<u64>> {
    let length = array
        .get(js_string!("length"), context)?
        .to_length(context)?;
    // A narrow hole is walked through. For a wide one, all keys are listed, which takes time by their number
    // and not by the hole's width.
    let end = length.min(hole + NARROW_HOLE);
    for index in hole..end {
        if array.has_property(index, context)? {
            return Ok(Some(index));
        }
    }
    if end == length {
        return Ok(None);
    }
    let keys = array.own_property_keys(context)?;
    let mut indexes = keys.iter().filter_map(|key| match key {
        PropertyKey::Index(index) => Some(u64::from(index.get())),
        _ => None,
    });
    Ok(indexes.find(|index| (end..length).contains(index)))
}

const NARROW_HOLE: u64 = 64;

/// Reads a string as UTF-8, without a copy if it is ASCII.
fn utf8<T>(text: &JsString, read: impl FnOnce(&[u8]) -> T) -> T {
    match text.as_str().as_latin1() {
        Some(text) if text.is_ascii() => read(text),
        _ => read(text.to_std_string_lossy().as_bytes()),
    }
}
