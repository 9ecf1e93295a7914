use std::io;
use std::path::Path;

use serde::Serialize;

use crate::Recording;
use crate::file::write_text;
use crate::pretty::pretty;
use crate::side::{Folder, split};

impl<E: Serialize> Recording<E> {
    /// The recording as the text of one file, with all rows.
    ///
    /// # Errors
    /// When an entry can't be serialized as JSON; entries of this crate can.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok(pretty(&serde_json::to_value(self)?))
    }

    /// Writes the recording to a file. It is written under another name first, so that an existing file stays
    /// complete until it is replaced. Results with more rows than [`About::rows_limit`](crate::About::rows_limit) have
    /// their rows in side files, in the folder whose name is that of the file with `.rows` added. Side files that the
    /// recording doesn't need are removed.
    ///
    /// # Errors
    /// When a file can't be written, or a side file can't be removed.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut json = serde_json::to_value(self)?;
        let files = match self.about.rows_limit.0 {
            Some(limit) => split(&mut json, limit),
            None => Vec::new(),
        };
        let folder = Folder::of(path);
        // Whichever file of the recording is there, the old or the new one, its side files are there, too.
        folder.write(&files)?;
        write_text(path, &pretty(&json))?;
        folder.keep_only(&files)
    }
}
