use std::borrow::Cow;

/// A cell of a row: NULL, or the text of a value as the text protocol sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell<'a>(Option<Cow<'a, [u8]>>);

impl Cell<'_> {
    /// The cell that is NULL.
    pub const NULL: Self = Self(None);

    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.0.as_deref()
    }
}

impl<'a> From<&'a [u8]> for Cell<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(Some(bytes.into()))
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        text.as_bytes().into()
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<Vec<u8>> for Cell<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Some(bytes.into()))
    }
}

impl From<bool> for Cell<'_> {
    /// 1 or 0.
    fn from(truth: bool) -> Self {
        i32::from(truth).into()
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell<'_> {
    /// The value, or NULL.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NULL, Into::into)
    }
}

macro_rules! from_numbers {
    ($($number:ty),*) => {
        $(impl From<$number> for Cell<'_> {
            fn from(number: $number) -> Self {
                number.to_string().into()
            }
        })*
    };
}

from_numbers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);
