use std::any::Any;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ReadError;
use crate::{Part, PartName, Recording};

/// A recording with entries of another type, which may keep less of an entry. One entry after the other is converted,
/// so that the memory has only one of them twice at a time.
pub(super) fn retyped<T, E>(recording: Recording<T>) -> Result<Recording<E>, ReadError>
where
    T: Serialize + 'static,
    E: DeserializeOwned + 'static,
{
    let mut parts = BTreeMap::new();
    for (name, mut part) in recording.parts {
        let mut expectations = Vec::new();
        let entries: &mut dyn Any = &mut part.expectations;
        if let Some(entries) = entries.downcast_mut() {
            // They are of the wanted type.
            std::mem::swap(entries, &mut expectations);
        }
        for (index, entry) in part.expectations.into_iter().enumerate() {
            let place = || place(&name, index);
            let json = serde_json::to_value(entry);
            let json = json.map_err(|error| ReadError::json(1, &error).at_key(place()))?;
            let entry = serde_path_to_error::deserialize(json).map_err(|error| {
                let key = format!("{}.{}", place(), error.path());
                ReadError::json(1, error.inner()).at_key(key)
            })?;
            expectations.push(entry);
        }
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

/// Where an entry is in its file.
pub(super) fn place(part: &PartName, index: usize) -> String {
    format!("parts.{part}.expectations[{index}]")
}
