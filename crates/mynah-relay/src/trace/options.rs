use std::path::PathBuf;
use std::time::Duration;

use super::redact::{Rule, Rules};
use crate::Filter;
use crate::statement::Wants;

/// What a trace contains, and where it is written.
#[derive(Clone, Debug)]
pub struct TraceOptions {
    /// The form of the trace: text, JSON lines or hex; text by default.
    pub format: TraceFormat,
    /// How much is shown, from 0 to 4: 0 connections; 1 commands; 2 columns and rows; 3 the fields of
    /// packets; 4 their bytes. Each level includes those before it. 1 by default. The hex form has all packets,
    /// whatever the level.
    pub level: u8,
    /// Where the trace is written; by default to standard output.
    pub output: Output,
    /// Which commands are shown; all by default, and always in the hex form.
    pub filter: Option<Filter>,
    /// Which connections are traced; all by default. It is decided as soon as the user is known, so the
    /// condition can't use fields that only commands have: see [`Filter::field_of_commands`].
    pub only: Option<Filter>,
    /// Whether passwords, and hashes and keys computed from them, are shown; not by default.
    pub show_secrets: bool,
    /// Rules for what else is hidden, in statements, column names and values: each match of a rule is
    /// replaced. No effect with [`show_secrets`](Self::show_secrets).
    pub redact: Vec<Rule>,
    /// Whether the text form uses colours; not by default.
    pub colours: bool,
    /// Commands that took at least this long are highlighted in coloured text; 1 second by default.
    pub slow: Duration,
    /// How many characters of a statement, a value or a field are shown in the text form; 0 for all; 500 by default.
    pub width: usize,
    /// What happens when lines come faster than they can be written; by default connections wait. No effect if each
    /// connection has a file, as with the hex form in a folder.
    pub overflow: Overflow,
}

impl TraceOptions {
    /// What the trace asks for of statements.
    pub(crate) fn wants(&self) -> Wants {
        match &self.filter {
            _ if self.format == TraceFormat::Json && self.level > 0 => Wants::ALL,
            Some(filter) => filter.wants(),
            None => Wants::default(),
        }
    }

    /// What is hidden.
    pub(crate) fn rules(&self) -> Rules<'_> {
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
    /// Text for people.
    Text,
    /// JSON lines: one object per event.
    Json,
    /// A line of hex per packet or, in the X Protocol, per message, after decryption and decompression; in the format
    /// of the project's fixtures.
    Hex,
}

/// What happens when the lines of a trace come faster than they can be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// Connections wait until there is room. No line is lost for lack of room, except while the relay shuts down.
    #[default]
    Block,
    /// Lines are dropped; the trace says how many.
    Drop,
}

/// Where a trace is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The trace is written to standard output.
    Stdout,
    /// A file, which is appended to. In the hex form the path is a folder, which gets one file per
    /// connection.
    File {
        /// The path of the file or folder.
        path: PathBuf,
        /// How many bytes the file may have before it is renamed and a new one begins; `None` for no limit. No effect
        /// on the hex form.
        rotate_at: Option<u64>,
        /// How many earlier files are kept, the last as `<path>.1`, the one before as `<path>.2` and so on; with 0, the
        /// new file takes the place of the full one.
        keep: u32,
    },
}
