//! Messages field by field: one walk over the fields, and a teller for each form that they are
//! written in.

mod classic;
mod field;
mod json;
mod teller;
#[cfg(test)]
mod tests;
mod text;
mod x;

pub(super) use classic::command_name;
pub(super) use field::{Field, documented};
use field::{Listed, field, fields, key, list};
pub(super) use json::JsonTeller;
pub(super) use teller::Teller;
pub(super) use text::TextTeller;
