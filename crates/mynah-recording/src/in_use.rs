//! The journal that is beside a recording while a program records to it, and its lock.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::file::link_target;

/// The path of the journal of a recording: that of the file to which symbolic links lead, with an `l` at its end. A
/// program that records to the file keeps the journal locked.
#[must_use]
pub fn journal_of(recording: &Path) -> PathBuf {
    let mut name = link_target(recording).into_os_string();
    name.push("l");
    name.into()
}

/// An error that says so if another program is recording to this file now.
///
/// # Errors
/// The text for people.
pub fn not_in_use(recording: &Path) -> Result<(), String> {
    let journal = journal_of(recording);
    let locked = File::open(&journal).is_ok_and(|journal| {
        let lock = journal.try_lock_shared();
        matches!(lock, Err(TryLockError::WouldBlock))
    });
    match locked {
        true => Err(format!(
            "another program is recording to '{}', and has locked '{}'",
            recording.display(),
            journal.display()
        )),
        false => Ok(()),
    }
}
