use std::fmt;

/// The kinds of value that a script distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Symbol,
    Array,
    Function,
    Object,
}

impl Kind {
    /// Whether it has keys.
    pub(crate) fn is_object(self) -> bool {
        matches!(self, Self::Array | Self::Function | Self::Object)
    }
}

/// The list of names that error texts have for it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Undefined => "primitive, undefined",
            Self::Null => "null, primitive",
            Self::Boolean => "boolean, primitive",
            Self::Number => "number, primitive",
            Self::String => "primitive, string",
            Self::Symbol => "primitive, symbol",
            Self::Array => "array, object",
            Self::Function => "callable, function, object",
            Self::Object => "object",
        })
    }
}
