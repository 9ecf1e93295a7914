//! Makes and reads values of any type.

use super::{Any, AnyType, Array, Object, ObjectField, Scalar, ScalarValue};

impl From<Scalar> for Any {
    fn from(scalar: Scalar) -> Self {
        Self {
            r#type: AnyType::Scalar.into(),
            scalar: Some(Box::new(scalar)),
            ..Self::default()
        }
    }
}

impl From<Object> for Any {
    fn from(object: Object) -> Self {
        Self {
            r#type: AnyType::Object.into(),
            obj: Some(object),
            ..Self::default()
        }
    }
}

impl From<Array> for Any {
    fn from(array: Array) -> Self {
        Self {
            r#type: AnyType::Array.into(),
            array: Some(array),
            ..Self::default()
        }
    }
}

impl Any {
    /// The value; `None` if its type isn't known, or the field that belongs to the type is missing.
    #[must_use]
    pub fn value(&self) -> Option<AnyValue<'_>> {
        Some(match AnyType::try_from(self.r#type).ok()? {
            AnyType::Scalar => AnyValue::Scalar(self.scalar.as_deref()?),
            AnyType::Object => AnyValue::Object(self.obj.as_ref()?),
            AnyType::Array => AnyValue::Array(self.array.as_ref()?),
        })
    }

    /// The value of a scalar; `None` for an object or an array, and for a scalar whose [`value`](Scalar::value) is
    /// missing.
    #[must_use]
    pub fn scalar_value(&self) -> Option<ScalarValue<'_>> {
        match self.value()? {
            AnyValue::Scalar(scalar) => scalar.value(),
            _ => None,
        }
    }
}

/// The content of an [`Any`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum AnyValue<'a> {
    /// A single value.
    Scalar(&'a Scalar),
    /// Named values.
    Object(&'a Object),
    /// A list of values.
    Array(&'a Array),
}

impl Object {
    /// The value of the first field of this name in the object; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Any> {
        self.fld
            .iter()
            .find(|field| field.key == key)
            .map(|field| &field.value)
    }
}

impl<K: Into<String>> FromIterator<(K, Any)> for Object {
    fn from_iter<T: IntoIterator<Item = (K, Any)>>(fields: T) -> Self {
        let field = |(key, value): (K, Any)| ObjectField {
            key: key.into(),
            value,
        };
        Self {
            fld: fields.into_iter().map(field).collect(),
        }
    }
}

impl FromIterator<Any> for Array {
    fn from_iter<T: IntoIterator<Item = Any>>(values: T) -> Self {
        Self {
            value: values.into_iter().collect(),
        }
    }
}
