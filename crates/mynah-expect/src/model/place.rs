use std::fmt;
use std::sync::Arc;

/// Where an expectation was written, for messages: `expectations[3], shop.js line 12`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file's name; `None` if the expectation came over HTTP or from Rust.
    pub file: Option<Arc<str>>,
    /// The line in the file, from 1, if it is known.
    pub line: Option<u32>,
    /// The column in the line, from 1, if it is known.
    pub column: Option<u32>,
    /// The index of the expectation in its list, from 0.
    pub index: usize,
}

impl fmt::Display for Place {
    /// `expectations[3], shop.js line 12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expectations[{}]", self.index)?;
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, ", {file} line {line}"),
            (Some(file), None) => write!(f, ", {file}"),
            (None, Some(line)) => write!(f, ", line {line}"),
            (None, None) => Ok(()),
        }
    }
}
