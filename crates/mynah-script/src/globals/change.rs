//! Atomic changes of a shared value.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Number, Value};
use thiserror::Error;

use super::{Globals, GlobalsFull};

/// Why a value of [`Globals`], which the sessions of a script share, couldn't be changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeError {
    /// The value stored under this key isn't a number.
    #[error("what is stored under '{}' is no number", .0.escape_debug())]
    NoNumber(String),
    /// The value stored under this key isn't an array.
    #[error("what is stored under '{}' is no array", .0.escape_debug())]
    NoArray(String),
    /// The sum isn't a finite number, so it can't be stored.
    #[error("the new value is no value of JSON")]
    TooLarge,
    /// The values would take more memory than allowed.
    #[error(transparent)]
    Full(#[from] GlobalsFull),
}

impl Globals {
    /// Adds `by` to the number stored under `key` (0 if there is none), in one step, and returns the sum.
    ///
    /// # Errors
    /// When the stored value isn't a number, the sum isn't finite, or the values would take more memory than allowed.
    pub fn increment(&self, key: &str, by: &Number) -> Result<Number, ChangeError> {
        let mut sum = Number::from(0);
        self.change(key, |value| {
            let value = value.map(serde_json::from_str::<Number>).transpose();
            let value = value.map_err(|_| ChangeError::NoNumber(key.to_owned()))?;
            let value = value.unwrap_or_else(|| Number::from(0));
            sum = add(&value, by).ok_or(ChangeError::TooLarge)?;
            Ok::<_, ChangeError>(sum.to_string().into())
        })?;
        Ok(sum)
    }

    /// Appends an element to the array stored under `key` (empty if there is none), in one step, and returns
    /// its new length.
    ///
    /// # Errors
    /// When the stored value isn't an array, or the values would take more memory than allowed.
    pub fn push(&self, key: &str, element: Value) -> Result<usize, ChangeError> {
        let mut len = 0;
        self.change(key, |value| {
            let array = value
                .map(serde_json::from_str::<Vec<Box<RawValue>>>)
                .transpose();
            let array = array.map_err(|_| ChangeError::NoArray(key.to_owned()))?;
            let mut array = array.unwrap_or_default();
            array.push(to_raw_value(&element).map_err(|_| ChangeError::TooLarge)?);
            len = array.len();
            let text = serde_json::to_string(&array).map_err(|_| ChangeError::TooLarge)?;
            Ok::<_, ChangeError>(text.into())
        })?;
        Ok(len)
    }
}

/// The sum of two numbers; that of whole numbers is exact if it fits into 64 bits.
fn add(one: &Number, other: &Number) -> Option<Number> {
    if let (Some(one), Some(other)) = (one.as_i128(), other.as_i128())
        && let Some(sum) = one.checked_add(other).and_then(Number::from_i128)
    {
        return Some(sum);
    }
    Number::from_f64(one.as_f64()? + other.as_f64()?)
}
