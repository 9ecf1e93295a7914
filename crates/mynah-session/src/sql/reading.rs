use super::{Characters, Comments};
use crate::placeholders::Dialect;

/// One way to read a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    pub(super) fn escapes(self, quote: u8) -> bool {
        !self.no_backslash_escapes && self.is_text(quote)
    }

    /// Whether what is between these quotes is a text, and not a name.
    pub(super) fn is_text(self, quote: u8) -> bool {
        quote == b'\'' || (quote == b'"' && !self.ansi_quotes)
    }
}

impl From<Dialect> for Reading {
    fn from(dialect: Dialect) -> Self {
        Self {
            ansi_quotes: dialect.ansi_quotes,
            no_backslash_escapes: dialect.no_backslash_escapes,
            comments: Comments::OfServer {
                version: dialect.version,
                is_mariadb: dialect.is_mariadb,
            },
            characters: Characters::Ascii,
        }
    }
}

impl Default for Reading {
    fn default() -> Self {
        Dialect::default().into()
    }
}
