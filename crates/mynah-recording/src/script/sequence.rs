use crate::volatile::in_order;
use crate::{Entry, PartName, Recording};

/// Each time that a statement came, with its one answer, in the order in which they came. What was only prepared isn't
/// among them.
pub(super) fn sequence(recording: &Recording, only: Option<&PartName>) -> Vec<Entry> {
    let parts = recording.parts_in_order(only).into_iter();
    let came = parts.flat_map(|part| in_order(part.to_vec()));
    came.filter(|entry| entry.command.as_deref() != Some(Entry::PREPARE))
        .collect()
}
