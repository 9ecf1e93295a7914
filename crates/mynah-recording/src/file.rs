use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

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
