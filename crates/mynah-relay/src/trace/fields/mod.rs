//! Writes messages field by field. One walk over the fields serves all forms; each form has its writer.

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
