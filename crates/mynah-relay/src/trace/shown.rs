use bytes::Bytes;

/// A value, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shown {
    Null,
    /// A number, in its text form.
    Number(String),
    /// Something else in ASCII, such as a date.
    Plain(String),
    Bytes(Bytes),
    /// A parameter that was sent before, by COM_STMT_SEND_LONG_DATA.
    LongData,
    /// A keyword in place of a value: `default`, `ignore`.
    Keyword(&'static str),
    /// A text in the character set of this name, which can't be decoded here.
    Foreign(Bytes, &'static str),
    Hidden,
}

/// What stands in the place of a password.
pub(crate) const HIDDEN: &str = "(hidden)";
