use std::fmt;
use std::time::Duration;

/// How text is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) colours: bool,
    /// How many characters of a text are shown; 0 for all.
    pub(super) width: usize,
    /// Commands that took as long stand out.
    pub(super) slow: Duration,
}

impl Style {
    pub(super) fn on(self, code: &'static str) -> &'static str {
        if self.colours { code } else { "" }
    }

    /// The number of a connection, in a colour of its own.
    pub(super) fn tag(self, connection: u32) -> Tag {
        Tag {
            connection,
            colours: self.colours,
        }
    }
}

/// `[1]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    connection: u32,
    colours: bool,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.connection;
        let place = usize::try_from(id).unwrap_or_default() % TAGS.len();
        match TAGS.get(place).filter(|_| self.colours) {
            Some(colour) => write!(f, "{colour}[{id}]{PLAIN}"),
            None => write!(f, "[{id}]"),
        }
    }
}

/// Colours that distinguish connections: red and yellow are for errors and warnings.
const TAGS: [&str; 8] = [
    "\x1b[36m", "\x1b[35m", "\x1b[32m", "\x1b[34m", "\x1b[96m", "\x1b[95m", "\x1b[92m", "\x1b[94m",
];

pub(super) const DIM: &str = "\x1b[2m";
pub(super) const BOLD: &str = "\x1b[1m";
pub(super) const RED: &str = "\x1b[31m";
pub(super) const YELLOW: &str = "\x1b[33m";
pub(super) const PLAIN: &str = "\x1b[0m";
