use std::fmt::Debug;

/// The fields that conditions may name; usually an enum with one variant per field.
pub trait Field: Copy + PartialEq + Debug + 'static {
    /// All fields, in the order in which an error lists them.
    const ALL: &'static [Self];

    /// The field's name in conditions: lower-case letters and `_`.
    fn name(self) -> &'static str;

    /// The kind of values that the field has.
    fn kind(self) -> Kind;
}

/// The kinds of values that a filter's field may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of a fixed list of words.
    OneOf {
        /// What they are, with an article, for errors: `a command`.
        what: &'static str,
        /// All there are.
        names: &'static [&'static str],
    },
    /// An SQL state of five characters, or none.
    SqlState,
    /// A whole number up to this maximum.
    Number {
        /// The greatest.
        most: u64,
    },
    /// A number of bytes; conditions may use the units `k`, `m` and `g`.
    Size,
    /// A time. Conditions use the units `us`, `ms` and `s`; the value is a number of microseconds.
    Time,
}

/// A record that a condition is tested on: it has a value for each field.
pub trait Record<F> {
    /// The value of a field: a text or a number, depending on the field's [`Kind`].
    fn value(&self, field: F) -> Value<'_>;
}

/// The value of a record's field, as conditions compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text.
    Text(&'a [u8]),
    /// A number.
    Number(u64),
    /// No value: no comparison with it is true, not even `!=`.
    Absent,
}
