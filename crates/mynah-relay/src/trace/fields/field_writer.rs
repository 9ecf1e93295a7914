use std::fmt::Display;

/// Writes the fields of a message in one form, as a walk over them comes by.
pub(in crate::trace) trait FieldWriter {
    fn null(&mut self);
    /// Writes a number, or `true` or `false`.
    fn number(&mut self, number: &dyn Display);
    /// Writes bytes, which are text most of the time.
    fn bytes(&mut self, bytes: &[u8]);
    /// Writes the name of an enumerated value.
    fn name(&mut self, name: &dyn Display);
    /// Writes flags with their names.
    fn flags(&mut self, bits: u64, names: &dyn Display);
    fn begin_object(&mut self);
    /// Begins a field with this name.
    fn key(&mut self, key: &[u8]);
    fn end_object(&mut self);
    fn begin_list(&mut self);
    /// Begins another item of a list.
    fn item(&mut self);
    fn end_list(&mut self);
}
