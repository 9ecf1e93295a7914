use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// Where an expectation was written, for messages: `expectations[3], shop.js line 12`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file of the script or of the Rust source; for a recording, also the part: `shop.json, part t7`.
    /// `None` if the expectation was read from JSON that isn't in a file, for example from HTTP.
    pub file: Option<Arc<str>>,
    /// The line in the file, from 1; `None` if it isn't known.
    pub line: Option<u32>,
    /// The column in the line, from 1; `None` if it isn't known.
    pub column: Option<u32>,
    /// The index of the expectation in its list, from 0; `None` if it was written in Rust.
    pub index: Option<usize>,
}

impl Place {
    /// A place in the source of a Rust program.
    #[must_use]
    pub fn in_source(at: &Location<'_>) -> Self {
        Self {
            file: Some(at.file().into()),
            line: Some(at.line()),
            column: Some(at.column()),
            index: None,
        }
    }
}

impl Default for Place {
    /// The first of a list without a file.
    fn default() -> Self {
        Self {
            file: None,
            line: None,
            column: None,
            index: Some(0),
        }
    }
}

impl fmt::Display for Place {
    /// `expectations[3], shop.js line 12`; `tests/shop.rs line 12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = self.index.map(|index| format!("expectations[{index}]"));
        let at = match (&self.file, self.line) {
            (Some(file), Some(line)) => Some(format!("{file} line {line}")),
            (Some(file), None) => Some(file.to_string()),
            (None, Some(line)) => Some(format!("line {line}")),
            (None, None) => None,
        };
        let both: Vec<_> = index.into_iter().chain(at).collect();
        f.write_str(&both.join(", "))
    }
}
