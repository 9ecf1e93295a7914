use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes this text to a file, under another name first, so that an existing file stays complete until it is replaced.
/// A new file can be read by its owner only; a file that is replaced keeps its permissions, and a symbolic link leads to
/// the new file. What isn't a file, such as a pipe, is written to.
///
/// # Errors
/// When the file can't be written.
pub fn write_text(path: &Path, text: &str) -> io::Result<()> {
    write_with(path, |out| out.write_all(text.as_bytes()))
}

/// The same with a text that is written piece by piece.
pub(crate) fn write_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // A file that is open already, such as /dev/stdout, can't be replaced.
    let is_open = DESCRIPTORS.iter().any(|folder| path.starts_with(folder));
    match path.metadata() {
        Ok(there) if !there.is_dir() && (is_open || !there.is_file()) => {
            let mut out = BufWriter::new(File::options().append(true).open(path)?);
            write(&mut out)?;
            out.flush()
        }
        there => replace(
            &link_target(path),
            there.ok().map(|there| there.permissions()),
            write,
        ),
    }
}

fn replace(
    path: &Path,
    permissions: Option<Permissions>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    // Only the owner may read it: a recording may have personal data.
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The file that a path leads to by symbolic links; it need not be there.
#[must_use]
pub fn link_target(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match path.read_link() {
            Ok(link) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                path = folder.join(link);
            }
            Err(_) => break,
        }
    }
    path
}

/// Folders of files that may be open already.
const DESCRIPTORS: [&str; 2] = ["/dev", "/proc"];

/// How many symbolic links may lead to each other, as on Linux.
const MOST_LINKS: usize = 40;
