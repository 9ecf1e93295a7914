use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mynah_expect::NeverMet;
use mynah_recording::{PartName, Recording};
use serde_json::Value;

use super::{ReplayOptions, with_rules};

/// Takes entries out of a recording's file, and says how many it had and has. A part without any is dropped.
///
/// # Errors
/// When the file can't be read or written, or nothing would be left.
pub(crate) fn prune(
    path: &Path,
    options: &ReplayOptions,
    never: &BTreeMap<String, Vec<NeverMet>>,
) -> Result<(usize, usize), String> {
    // The places of entries are those that they had when the recording was loaded.
    let mut recording = with_rules(path, options)?;
    let count = |recording: &Recording<Value>| {
        let parts = recording.parts.values();
        parts.map(|part| part.expectations.len()).sum::<usize>()
    };
    let before = count(&recording);
    for (name, entries) in never {
        let Some(part) = recording.parts.get_mut(&PartName(name.clone())) else {
            continue;
        };
        let dropped: BTreeSet<_> = entries
            .iter()
            .filter_map(|entry| entry.place.index)
            .collect();
        let mut index = 0..;
        part.expectations
            .retain(|_| index.next().is_none_or(|index| !dropped.contains(&index)));
    }
    recording
        .parts
        .retain(|name, part| name.is_setup() || !part.expectations.is_empty());
    let after = count(&recording);
    if after == 0 {
        return Err(
            "nothing was played, so nothing would be left; the file stays as it is".to_owned(),
        );
    }
    if after < before {
        recording.write(path).map_err(|error| error.to_string())?;
    }
    Ok((before, after))
}
