//! The cells of a [`Row`](crate::resultset::Row), in the format of each column type.

mod cell;
mod decimal;
mod error;
mod set;
mod temporal;
mod varint;

pub use cell::Cell;
pub use decimal::Decimal;
pub use error::{FieldError, FieldErrorKind};
pub use set::Set;
pub use temporal::{DateTime, Time};
