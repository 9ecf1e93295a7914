use bytes::Bytes;

/// A value, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shown {
    Null,
    /// A number, as it is written.
    Number(String),
    /// Something else that is written in plain characters: a date, say.
    Plain(String),
    Bytes(Bytes),
    /// It was sent in pieces, before.
    LongData,
    /// A word in place of a value: `default`, `ignore`.
    Keyword(&'static str),
    /// A text whose character set has this name, and can't be read here.
    Foreign(Bytes, &'static str),
    Hidden,
}

/// What stands in the place of a password.
pub(super) const HIDDEN: &str = "(hidden)";
