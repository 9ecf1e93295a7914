use std::path::PathBuf;

use mynah_recording::Rules;

use crate::Rule;

/// What a relay records, and into which file.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// The file that is written at the end. Until then, a journal is written to a file whose name has an `l`
    /// added: `rec.jsonl` for `rec.json`.
    pub path: PathBuf,
    /// Rules for text that is hidden besides passwords.
    pub redact: Vec<Rule>,
    /// Rules for values that differ from run to run. In the file, they are replaced by stable values.
    pub volatile: Rules,
    /// The name and version of the program that records; by default those of this crate.
    pub made_by: Option<String>,
}
