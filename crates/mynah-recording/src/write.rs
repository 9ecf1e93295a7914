use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::file::write_with;
use crate::pretty::{self, pretty};
use crate::side::{Folder, split};
use crate::{Part, Recording};

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
    /// recording doesn't need are removed. A new file can be read by its owner only; a file that is replaced keeps its
    /// permissions, and a symbolic link leads to the new file.
    ///
    /// # Errors
    /// When a file can't be written, or a side file can't be removed.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let folder = Folder::of(path);
        let mut kept = HashSet::new();
        let mut apart = |entry: &mut Value| {
            let Some(limit) = self.about.rows_limit.0 else {
                return Ok(());
            };
            split(
                entry,
                limit,
                &mut |file| match kept.contains(&file.sha256) {
                    true => Ok(()),
                    false => {
                        folder.write(&file)?;
                        kept.insert(file.sha256);
                        Ok(())
                    }
                },
            )
        };
        // Whichever file of the recording is there, the old or the new one, its side files are there, too.
        write_with(path, |out| self.put(out, &mut apart))?;
        folder.keep_only(&kept)
    }

    /// Writes the same text as [`to_text`](Self::to_text), entry by entry, so that the memory has only one of them as
    /// text. `change` gets each entry before.
    fn put(
        &self,
        out: &mut dyn Write,
        change: &mut impl FnMut(&mut Value) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut text = String::new();
        if pretty::may_be_a_line(&self.parts) {
            let mut json = serde_json::to_value(self)?;
            let parts = json.get_mut("parts").and_then(Value::as_object_mut);
            parts
                .into_iter()
                .flatten()
                .try_for_each(|(_, part)| entries(part).try_for_each(&mut *change))?;
            return out.write_all(pretty(&json).as_bytes());
        }
        let frame = Self {
            about: self.about.clone(),
            server: self.server.clone(),
            logins: self.logins.clone(),
            parts: Default::default(),
        };
        let mut lines = pretty::Lines::open('{', 0, out)?;
        for (key, value) in serde_json::to_value(frame)?
            .as_object()
            .into_iter()
            .flatten()
        {
            lines.key(key)?;
            if key != "parts" {
                lines.value(value, &mut text)?;
                continue;
            }
            let mut parts = lines.open_within('{')?;
            for (name, part) in &self.parts {
                parts.key(&name.0)?;
                put_part(part, &mut parts, &mut text, change)?;
            }
            parts.close('}')?;
        }
        lines.close('}')?;
        out.write_all(b"\n")
    }
}

fn put_part<E: Serialize>(
    part: &Part<E>,
    parts: &mut pretty::Lines<'_>,
    text: &mut String,
    change: &mut impl FnMut(&mut Value) -> io::Result<()>,
) -> io::Result<()> {
    if pretty::may_be_a_line(&part.expectations) {
        let mut json = serde_json::to_value(part)?;
        entries(&mut json).try_for_each(&mut *change)?;
        return parts.value(&json, text);
    }
    let frame = Part::<E> {
        recorded_at: part.recorded_at,
        expectations: Vec::new(),
    };
    let mut lines = parts.open_within('{')?;
    for (key, value) in serde_json::to_value(frame)?
        .as_object()
        .into_iter()
        .flatten()
    {
        lines.key(key)?;
        if key != "expectations" {
            lines.value(value, text)?;
            continue;
        }
        let mut list = lines.open_within('[')?;
        for entry in &part.expectations {
            let mut entry = serde_json::to_value(entry)?;
            change(&mut entry)?;
            list.item()?;
            list.value(&entry, text)?;
        }
        list.close(']')?;
    }
    lines.close('}')
}

/// The entries of a part.
fn entries(part: &mut Value) -> impl Iterator<Item = &mut Value> {
    let entries = part.get_mut("expectations").and_then(Value::as_array_mut);
    entries.into_iter().flatten()
}
