use crate::{Characters, Comments};

/// The settings by which a statement is parsed. The default is MySQL with its default `sql_mode`, which runs MySQL's
/// version comments whatever version they name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Whether `"` quotes identifiers instead of strings: ANSI_QUOTES in `sql_mode`.
    pub ansi_quotes: bool,
    /// Whether `\` is an ordinary character in strings: NO_BACKSLASH_ESCAPES in `sql_mode`.
    pub no_backslash_escapes: bool,
    /// Which version comments count as part of the statement.
    pub comments: Comments,
    /// How the characters of the statement are encoded.
    pub characters: Characters,
}

impl Reading {
    /// Whether `\` escapes the next character in a text between quotes of this kind (`'`, `"` or a back quote).
    #[must_use]
    pub fn escapes(self, quote: u8) -> bool {
        !self.no_backslash_escapes && self.is_text(quote)
    }

    /// Whether these quotes enclose a string, and not a name.
    #[must_use]
    pub fn is_text(self, quote: u8) -> bool {
        quote == b'\'' || (quote == b'"' && !self.ansi_quotes)
    }
}
