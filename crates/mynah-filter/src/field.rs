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

/// The kind of values that a [`Field`] has. It decides by which signs a condition may compare the field, and with which
/// values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The values are any texts.
    Text,
    /// The values are words of a fixed list.
    OneOf {
        /// What one of the words is, with an article, for errors: `a command`.
        what: &'static str,
        /// All words of the list.
        names: &'static [&'static str],
    },
    /// The values are SQL states of five characters, or empty texts. Conditions with `=` and `!=` must have such a
    /// text, those with `~` and `!~` at most five characters.
    SqlState,
    /// The values are whole numbers up to a maximum.
    Number {
        /// The greatest number that the field can have.
        most: u64,
    },
    /// The values are numbers of bytes; conditions may use the units `k` (1024 bytes), `m` (1024 `k`) and `g` (1024
    /// `m`).
    Size,
    /// The values are times, as numbers of microseconds. Conditions use the units `us`, `ms` and `s`.
    Time,
}

/// A record that a condition is tested on: it has a value, or [none](Value::Absent), for each field.
pub trait Record<F> {
    /// The value of a field: a text or a number, depending on the field's [`Kind`], or [`Value::Absent`].
    fn value(&self, field: F) -> Value<'_>;
}

/// The value of a record's field, as conditions compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text, for the kinds `Text`, `OneOf` and `SqlState`.
    Text(&'a [u8]),
    /// Several texts, or none, for the kind `Text`: a comparison with `=` or `~` is true if it is for one of them, and
    /// one with `!=` or `!~` if it is for all of them.
    Texts(&'a [String]),
    /// A number, for the kinds `Number`, `Size` (bytes) and `Time` (microseconds).
    Number(u64),
    /// The field has no value: no comparison with it is true, not even `!=`.
    Absent,
}
