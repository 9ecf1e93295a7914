use std::fmt::Debug;

/// What conditions may name: an enum, usually.
pub trait Field: Copy + PartialEq + Debug + 'static {
    /// All fields, in the order in which an error lists them.
    const ALL: &'static [Self];

    /// As conditions name it, in lower case: letters and `_`.
    fn name(self) -> &'static str;

    /// What values it has.
    fn kind(self) -> Kind;
}

/// The kinds of values that a filter's field may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of some texts.
    OneOf {
        /// What they are, with an article, for errors: `a command`.
        what: &'static str,
        /// All there are.
        names: &'static [&'static str],
    },
    /// An SQL state of five characters, or none.
    SqlState,
    /// A number up to this one.
    Number {
        /// The greatest.
        most: u64,
    },
    /// A number of bytes, which may be written with `k`, `m` or `g`.
    Size,
    /// A time, which is written with `us`, `ms` or `s`. Its value is a number of microseconds.
    Time,
}

/// What a condition is about: it knows the values of all fields.
pub trait Record<F> {
    /// The value of a field: a text or a number, as its [`Kind`] says.
    fn value(&self, field: F) -> Value<'_>;
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text.
    Text(&'a [u8]),
    /// A number.
    Number(u64),
    /// There is none: no comparison with it holds, not even `!=`.
    Absent,
}
