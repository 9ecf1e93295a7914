use crate::{Characters, Comments};

/// One way to read a statement; by default as MySQL does, of any version, with its default `sql_mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `"` quotes identifiers, not strings: ANSI_QUOTES in `sql_mode`.
    pub ansi_quotes: bool,
    /// `\` escapes nothing in strings: NO_BACKSLASH_ESCAPES in `sql_mode`.
    pub no_backslash_escapes: bool,
    /// Which comments are run.
    pub comments: Comments,
    /// How long characters are.
    pub characters: Characters,
}

impl Reading {
    /// Whether `\` means something between these quotes.
    #[must_use]
    pub fn escapes(self, quote: u8) -> bool {
        !self.no_backslash_escapes && self.is_text(quote)
    }

    /// Whether what is between these quotes is a text, and not a name.
    #[must_use]
    pub fn is_text(self, quote: u8) -> bool {
        quote == b'\'' || (quote == b'"' && !self.ansi_quotes)
    }
}
