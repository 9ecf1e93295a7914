//! `Mysqlx.Datatypes`: the values in arguments, capabilities and notices.

mod any;

use bytes::Bytes;
use prost::{Enumeration, Message};

pub use any::AnyValue;

/// A single value: a number, a text, bytes, a boolean or NULL. [`type`](Self::type) says which of the other fields has
/// it; [`value`](Self::value) returns it, and ignores fields that a wrong message has besides.
///
/// Documentation page: Mysqlx::Datatypes::Scalar.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Scalar {
    /// Says which of the other fields has the value: a [`ScalarType`].
    #[prost(enumeration = "ScalarType", required, tag = "1")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "crate::readable::Named::<ScalarType>")
    )]
    pub r#type: i32,
    /// The signed integer, if the scalar's type is `V_SINT`; with other types it has no meaning, and is usually absent.
    #[prost(sint64, optional, tag = "2")]
    pub v_signed_int: Option<i64>,
    /// The unsigned integer, if the scalar's type is `V_UINT`; with other types it has no meaning, and is usually
    /// absent.
    #[prost(uint64, optional, tag = "3")]
    pub v_unsigned_int: Option<u64>,
    /// The bytes, if the scalar's type is `V_OCTETS`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, tag = "5")]
    pub v_octets: Option<Octets>,
    /// The floating-point number of eight bytes, if the scalar's type is `V_DOUBLE`; with other types it has no
    /// meaning, and is usually absent.
    #[prost(double, optional, tag = "6")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "mynah_wire::readable::float", default)
    )]
    pub v_double: Option<f64>,
    /// The floating-point number of four bytes, if the scalar's type is `V_FLOAT`; with other types it has no meaning,
    /// and is usually absent.
    #[prost(float, optional, tag = "7")]
    #[cfg_attr(
        feature = "serde",
        serde(with = "mynah_wire::readable::float", default)
    )]
    pub v_float: Option<f32>,
    /// The truth value, if the scalar's type is `V_BOOL`; with other types it has no meaning, and is usually absent.
    #[prost(bool, optional, tag = "8")]
    pub v_bool: Option<bool>,
    /// The text, if the scalar's type is `V_STRING`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, tag = "9")]
    pub v_string: Option<String>,
}

/// The type of a [`Scalar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum ScalarType {
    /// A signed integer, in `v_signed_int`.
    VSint = 1,
    /// An unsigned integer, in `v_unsigned_int`.
    VUint = 2,
    /// NULL, which has no field.
    VNull = 3,
    /// Bytes, in `v_octets`.
    VOctets = 4,
    /// A floating-point number of eight bytes, in `v_double`.
    VDouble = 5,
    /// A floating-point number of four bytes, in `v_float`.
    VFloat = 6,
    /// A truth value, in `v_bool`.
    VBool = 7,
    /// A text with its collation, in `v_string`.
    VString = 8,
}

/// A text with its collation, the content of a [`Scalar`].
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct String {
    /// The text, in the character set of its collation.
    #[prost(bytes = "bytes", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub value: Bytes,
    /// The id of the text's collation; absent for the session's.
    #[prost(uint64, optional, tag = "2")]
    pub collation: Option<u64>,
}

/// Bytes that aren't text, or are text in an unknown character set; the content of a [`Scalar`].
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Eq, Hash, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Octets {
    /// The bytes of the value.
    #[prost(bytes = "bytes", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub value: Bytes,
    /// What the bytes contain: a number of [`ContentType`](crate::resultset::ContentType). Absent or 0 for
    /// plain bytes.
    #[prost(uint32, optional, tag = "2")]
    #[cfg_attr(
        feature = "serde",
        serde(
            with = "crate::readable::Named::<crate::resultset::ContentType>",
            default
        )
    )]
    pub content_type: Option<u32>,
}

/// A list of named values, like an object of JSON.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Object {
    /// The named values of the object, in order.
    #[prost(message, repeated, tag = "1")]
    pub fld: Vec<ObjectField>,
}

/// A named value in an [`Object`].
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectField {
    /// The name of the value in the object.
    #[prost(string, required, tag = "1")]
    pub key: std::string::String,
    /// The value under this name.
    #[prost(message, required, tag = "2")]
    pub value: Any,
}

/// A list of values, like an array of JSON.
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Array {
    /// The values of the list, in order.
    #[prost(message, repeated, tag = "1")]
    pub value: Vec<Any>,
}

/// A value of any type: a [`Scalar`], an [`Object`] or an [`Array`]. [`type`](Self::type) says which field has it;
/// [`value`](Self::value) returns it, and ignores fields that a wrong message has besides.
///
/// Documentation page: Mysqlx::Datatypes::Any.
#[cfg_attr(feature = "serde", serde_with::skip_serializing_none)]
#[derive(Clone, PartialEq, Message)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Any {
    /// Says which of the other fields has the value: an [`AnyType`].
    #[prost(enumeration = "AnyType", required, tag = "1")]
    #[cfg_attr(feature = "serde", serde(with = "crate::readable::Named::<AnyType>"))]
    pub r#type: i32,
    /// The single value, if the type is `SCALAR`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, boxed, tag = "2")]
    pub scalar: Option<Box<Scalar>>,
    /// The object, if the type is `OBJECT`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, tag = "3")]
    pub obj: Option<Object>,
    /// The list, if the type is `ARRAY`; with other types it has no meaning, and is usually absent.
    #[prost(message, optional, tag = "4")]
    pub array: Option<Array>,
}

/// The type of an [`Any`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enumeration)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "SCREAMING_SNAKE_CASE"))]
#[repr(i32)]
#[non_exhaustive]
pub enum AnyType {
    /// A [`Scalar`], in `scalar`.
    Scalar = 1,
    /// An [`Object`], in `obj`.
    Object = 2,
    /// An [`Array`], in `array`.
    Array = 3,
}

impl Scalar {
    /// A scalar that is NULL.
    #[must_use]
    pub fn null() -> Self {
        Self::of(ScalarType::VNull)
    }

    /// A scalar that is a signed integer.
    #[must_use]
    pub fn sint(value: i64) -> Self {
        Self {
            v_signed_int: Some(value),
            ..Self::of(ScalarType::VSint)
        }
    }

    /// A scalar that is an unsigned integer.
    #[must_use]
    pub fn uint(value: u64) -> Self {
        Self {
            v_unsigned_int: Some(value),
            ..Self::of(ScalarType::VUint)
        }
    }

    /// A scalar that is a floating-point number of eight bytes.
    #[must_use]
    pub fn double(value: f64) -> Self {
        Self {
            v_double: Some(value),
            ..Self::of(ScalarType::VDouble)
        }
    }

    /// A scalar that is a boolean.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self {
            v_bool: Some(value),
            ..Self::of(ScalarType::VBool)
        }
    }

    /// A scalar that is a text, in the session's collation.
    #[must_use]
    pub fn string(value: impl Into<Bytes>) -> Self {
        let value = value.into();
        Self {
            v_string: Some(String {
                value,
                collation: None,
            }),
            ..Self::of(ScalarType::VString)
        }
    }

    /// A scalar that is bytes, without a content type.
    #[must_use]
    pub fn octets(value: impl Into<Bytes>) -> Self {
        let value = value.into();
        Self {
            v_octets: Some(Octets {
                value,
                content_type: None,
            }),
            ..Self::of(ScalarType::VOctets)
        }
    }

    /// The value; `None` if the scalar's type isn't known, or the field that belongs to the type is missing.
    #[must_use]
    pub fn value(&self) -> Option<ScalarValue<'_>> {
        Some(match ScalarType::try_from(self.r#type).ok()? {
            ScalarType::VSint => ScalarValue::Sint(self.v_signed_int?),
            ScalarType::VUint => ScalarValue::Uint(self.v_unsigned_int?),
            ScalarType::VNull => ScalarValue::Null,
            ScalarType::VOctets => ScalarValue::Octets(self.v_octets.as_ref()?),
            ScalarType::VDouble => ScalarValue::Double(self.v_double?),
            ScalarType::VFloat => ScalarValue::Float(self.v_float?),
            ScalarType::VBool => ScalarValue::Bool(self.v_bool?),
            ScalarType::VString => ScalarValue::String(self.v_string.as_ref()?),
        })
    }

    fn of(r#type: ScalarType) -> Self {
        Self {
            r#type: r#type.into(),
            ..Self::default()
        }
    }
}

/// The value of a [`Scalar`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScalarValue<'a> {
    /// NULL.
    Null,
    /// A signed integer.
    Sint(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A floating-point number of eight bytes.
    Double(f64),
    /// A floating-point number of four bytes.
    Float(f32),
    /// A truth value.
    Bool(bool),
    /// Bytes, with what they contain.
    Octets(&'a Octets),
    /// A text, with its collation.
    String(&'a String),
}

impl ScalarValue<'_> {
    /// Converts to an integer: an unsigned number that is too large becomes `i64::MAX`; a truth value becomes 0 or
    /// 1; a floating-point number becomes 0 if it is zero, else 1. `None` for other types.
    #[must_use]
    pub fn integer(self) -> Option<i64> {
        match self {
            Self::Sint(number) => Some(number),
            Self::Uint(number) => Some(i64::try_from(number).unwrap_or(i64::MAX)),
            Self::Bool(truth) => Some(truth.into()),
            Self::Double(number) => Some(i64::from(number != 0.0)),
            Self::Float(number) => Some(i64::from(number != 0.0)),
            _ => None,
        }
    }

    /// Converts to a truth value in the forms that clients use: a truth value, a number, or a text of `1`, `true`,
    /// `on` or their opposites `0`, `false`, `off`, in any case. `None` for other values.
    #[must_use]
    pub fn truth(self) -> Option<bool> {
        match self {
            Self::String(text) => match &text.value.to_ascii_lowercase()[..] {
                b"1" | b"true" | b"on" => Some(true),
                b"0" | b"false" | b"off" => Some(false),
                _ => None,
            },
            value => value.integer().map(|number| number != 0),
        }
    }
}
