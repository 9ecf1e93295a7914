use std::fmt;
use std::sync::Arc;

/// Where an expectation was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file, as it was named; absent if it came over HTTP.
    pub file: Option<Arc<str>>,
    /// The line in it, from 1, if it is known.
    pub line: Option<u32>,
    /// The column, from 1, if it is known.
    pub column: Option<u32>,
    /// Its place in its list, from 0.
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
