use std::path::PathBuf;
use std::time::Duration;

use super::redact::{Rule, Rules};
use crate::Filter;

/// What a trace shows of connections, and where it is written.
#[derive(Clone, Debug)]
pub struct TraceOptions {
    /// In which form.
    pub format: TraceFormat,
    /// How much, from 0 to 4: connections; commands; columns and rows; packets field by field;
    /// their bytes. Each shows what those before it show.
    pub level: u8,
    /// Where to.
    pub output: Output,
    /// Which commands are traced; all by default.
    pub filter: Option<Filter>,
    /// Which connections are traced, as a whole; all by default. It is decided when the user is
    /// known: see [`Filter::field_of_commands`] for what can't be asked for.
    pub only: Option<Filter>,
    /// Whether passwords, and what is computed from them, are shown.
    pub show_secrets: bool,
    /// What is hidden besides passwords, in statements, the names of columns and values: whatever a
    /// rule matches.
    pub redact: Vec<Rule>,
    /// Whether text has colours.
    pub colours: bool,
    /// Commands that took as long stand out where text has colours.
    pub slow: Duration,
    /// How many characters of a statement or a value the text shows; 0 for all.
    pub width: usize,
    /// What becomes of lines while more wait than are held.
    pub overflow: Overflow,
}

impl TraceOptions {
    /// What is hidden.
    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            hides: !self.show_secrets,
            own: &self.redact,
        }
    }
}

impl Default for TraceOptions {
    fn default() -> Self {
        Self {
            format: TraceFormat::Text,
            level: 1,
            output: Output::Stdout,
            filter: None,
            only: None,
            show_secrets: false,
            redact: Vec::new(),
            colours: false,
            slow: Duration::from_secs(1),
            width: 500,
            overflow: Overflow::Block,
        }
    }
}

/// The form of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceFormat {
    /// For people.
    Text,
    /// One JSON object for each line.
    Json,
    /// A line of hex for each packet, as the project's fixtures have it.
    Hex,
}

/// What becomes of the lines of a trace that is read or written too slowly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// Connections wait until there is room: nothing is lost.
    #[default]
    Block,
    /// They are left out, and counted.
    Drop,
}

/// Where a trace goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// To standard output.
    Stdout,
    /// To a file, which is appended to. In hex the path is that of a folder, which gets a file for
    /// each connection.
    File {
        /// Its path.
        path: PathBuf,
        /// How many bytes it may have before another takes its place; no limit if absent.
        rotate_at: Option<u64>,
        /// How many earlier ones are kept, as `<path>.1`, `<path>.2` and so on.
        keep: u32,
    },
}
