use std::path::PathBuf;

use mynah_recording::Rules;

use crate::Rule;

/// What is recorded, and where to.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// The file that is written at the end. While recording goes on, a journal is written beside it, whose name has an `l`
    /// behind: `rec.jsonl` for `rec.json`.
    pub path: PathBuf,
    /// What is hidden besides passwords: whatever a rule matches.
    pub redact: Vec<Rule>,
    /// Which values differ from run to run: in the file, stable values stand in their place.
    pub volatile: Rules,
    /// The program that records, with its version; this crate by default.
    pub made_by: Option<String>,
}
