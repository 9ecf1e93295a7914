use std::path::Path;

use mynah_recording::{Comparison, Recording, Rules, compare};

use super::RecordError;

/// Compares two recordings by `rules` and by the rules that the recordings contain.
///
/// # Errors
/// If one of the recordings can't be read.
pub fn record_diff(one: &Path, other: &Path, rules: &Rules) -> Result<Comparison, RecordError> {
    let one: Recording = mynah_recording::read(one)?;
    let other: Recording = mynah_recording::read(other)?;
    Ok(compare(&one, &other, rules))
}
