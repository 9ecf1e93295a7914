use std::collections::BTreeMap;
use std::path::Path;

use mynah_expect::NeverMet;
use mynah_recording::{PartName, Recording, is_journal, not_in_use};
use serde_json::Value;

use super::identity::{Identities, places_now};
use super::{ReplayOptions, with_rules};

/// Takes entries out of a recording's file, and says how many it had and has. A part without any is dropped. The file
/// may have changed since it was loaded, when its entries were these: what isn't found among them stays.
///
/// # Errors
/// When the file can't be read or written, or is a journal, or another program is recording to it, or nothing would be
/// left.
pub(crate) fn prune(
    path: &Path,
    options: &ReplayOptions,
    loaded: &Identities,
    never: &BTreeMap<String, Vec<NeverMet>>,
) -> Result<(usize, usize), String> {
    // A program may be writing to a journal, which has to stay what it is.
    if is_journal(path) {
        let path = path.display();
        return Err(format!(
            "'{path}' is the journal of a recording; make a recording of it with 'mynah-mock convert', and play that"
        ));
    }
    not_in_use(path)?;
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
        let loaded = loaded.get(name).map_or(&[][..], Vec::as_slice);
        let wanted = entries.iter().filter_map(|entry| entry.place.index);
        let dropped = places_now(&part.expectations, loaded, wanted);
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
