use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::Recording;
use crate::pretty::pretty;

impl<E: Serialize> Recording<E> {
    /// The recording as the text of its file.
    ///
    /// # Errors
    /// When an entry can't be serialized as JSON; entries of this crate can.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok(pretty(&serde_json::to_value(self)?))
    }

    /// Writes the recording to a file. It is written under another name first, so that an existing file stays
    /// complete until it is replaced.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_text(path, &self.to_text()?)
    }
}

/// Writes this text to a file, under another name first, so that an existing file stays complete until it is
/// replaced.
///
/// # Errors
/// When the file can't be written.
pub fn write_text(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    // Only the owner may read it: a recording may have personal data.
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
