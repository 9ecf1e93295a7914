use std::fmt::Display;

/// Writes the fields of a message in one form, as a walk over them comes by.
pub(in crate::trace) trait FieldWriter {
    fn null(&mut self);
    /// A number, or `true` and `false`.
    fn number(&mut self, number: &dyn Display);
    /// A text, most of the time.
    fn bytes(&mut self, bytes: &[u8]);
    /// One of a few values, each with a name.
    fn name(&mut self, name: &dyn Display);
    /// Bits, each with a name.
    fn flags(&mut self, bits: u64, names: &dyn Display);
    fn begin_object(&mut self);
    /// The name of the field that comes next.
    fn key(&mut self, key: &[u8]);
    fn end_object(&mut self);
    fn begin_list(&mut self);
    /// Another item of a list comes next.
    fn item(&mut self);
    fn end_list(&mut self);
}
