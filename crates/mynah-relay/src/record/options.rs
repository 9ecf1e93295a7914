use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynah_recording::{PartName, Pseudonyms, RowsLimit, Rules};

use crate::Rule;

/// The part of a recording to which statements without the id of a test belong at present. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct OpenPart(Arc<Mutex<Begun>>);

#[derive(Debug, Default)]
struct Begun {
    name: PartName,
    /// How often each part has begun.
    times: HashMap<PartName, u64>,
}

impl OpenPart {
    /// The name of the part; `setup` until another part begins.
    #[must_use]
    pub fn name(&self) -> PartName {
        self.begun().name.clone()
    }

    /// How often a part has begun.
    #[must_use]
    pub fn times_begun(&self, part: &PartName) -> u64 {
        self.begun().times.get(part).copied().unwrap_or_default()
    }

    pub(super) fn begin(&self, name: PartName) {
        let mut begun = self.begun();
        *begun.times.entry(name.clone()).or_default() += 1;
        begun.name = name;
    }

    fn begun(&self) -> MutexGuard<'_, Begun> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a relay records, and into which file.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// The file that is written at the end. Until then, a journal is written to a file whose name has an `l`
    /// added: `rec.jsonl` for `rec.json`.
    pub path: PathBuf,
    /// Rules for text that is hidden besides passwords; each match of a rule is replaced.
    pub redact: Vec<Rule>,
    /// Rules for values that differ from run to run. In the file, they are replaced by stable values.
    pub volatile: Rules,
    /// Whether the file's entries stay, and only statements that it lacks are added; by default the file is
    /// replaced.
    pub adds: bool,
    /// The part to which statements without the id of a test belong.
    pub open_part: OpenPart,
    /// Rules for values that are recorded as pseudonyms, and their key; none by default.
    pub pseudonyms: Option<Pseudonyms>,
    /// The number of rows above which the rows of a result go to a side file; by default all rows are in the file.
    pub rows_limit: RowsLimit,
    /// The name and version of the program that records; by default those of this crate.
    pub made_by: Option<String>,
}
