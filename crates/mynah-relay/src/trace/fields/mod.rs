//! Messages field by field: one walk over the fields, and a writer for each form that they are
//! written in.

mod classic;
mod field;
mod field_writer;
#[cfg(test)]
mod tests;
mod x;

pub(super) use classic::command_name;
pub(super) use field::{Field, documented};
use field::{Listed, field, fields, key, list};
pub(super) use field_writer::FieldWriter;
