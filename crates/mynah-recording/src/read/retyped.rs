use std::any::Any;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::ReadError;
use crate::{Part, PartName, Recording};

/// A recording with entries of another type, which may keep less of an entry. One entry after the other is converted,
/// so that the memory has only one of them twice at a time.
pub(super) fn retyped<E: DeserializeOwned + 'static>(
    recording: Recording,
) -> Result<Recording<E>, ReadError> {
    with_entries(recording, |part, entries| {
        let mut entries = Some(entries);
        let same: &mut dyn Any = &mut entries;
        if let Some(same) = same.downcast_mut::<Option<Vec<E>>>() {
            return Ok(same.take().unwrap_or_default());
        }
        let entries = entries.into_iter().flatten().enumerate();
        let entries = entries.map(|(index, entry)| {
            let json = serde_json::to_value(entry);
            let json = json.map_err(|error| ReadError::json(1, &error).at_key(place(part, index)));
            typed(json?, part, index)
        });
        entries.collect()
    })
}

/// A recording with other entries, which are made of those of each part.
pub(super) fn with_entries<T, E>(
    recording: Recording<T>,
    mut make: impl FnMut(&PartName, Vec<T>) -> Result<Vec<E>, ReadError>,
) -> Result<Recording<E>, ReadError> {
    let mut parts = BTreeMap::new();
    for (name, part) in recording.parts {
        let expectations = make(&name, part.expectations)?;
        let recorded_at = part.recorded_at;
        parts.insert(
            name,
            Part {
                recorded_at,
                expectations,
            },
        );
    }
    Ok(Recording {
        about: recording.about,
        server: recording.server,
        logins: recording.logins,
        parts,
    })
}

/// An entry of the wanted type.
pub(super) fn typed<E: DeserializeOwned>(
    json: Value,
    part: &PartName,
    index: usize,
) -> Result<E, ReadError> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let key = format!("{}.{}", place(part, index), error.path());
        ReadError::json(1, error.inner()).at_key(key)
    })
}

/// Where an entry is in its file.
pub(super) fn place(part: &PartName, index: usize) -> String {
    format!("parts.{part}.expectations[{index}]")
}
