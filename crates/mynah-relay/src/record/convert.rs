use std::path::Path;

use mynah_recording::{Recording, ScriptForm, not_in_use, write_text};

use super::file::RecordError;
use super::hex;

/// The options of [`convert`]: the form of the result, and the part of the recording that is converted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConvertOptions {
    /// The form of the file that is written; by default JavaScript if its name ends in `.js`, else a recording.
    pub form: Option<FileForm>,
    /// The part that is converted, together with the part `setup`; by default all parts are converted.
    pub part: Option<String>,
}

/// A form of files that [`convert`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// A recording, whose file is JSON.
    Recording,
    /// A script in JavaScript or JSON, which the mock plays. MySQL Router's mock plays of a JavaScript script only
    /// statements that aren't prepared, with one result each and cells of text.
    Script(ScriptForm),
}

/// Reads a recording, a recording's journal, packets in hex (a file whose name ends in `.hex`) or a folder of such
/// files, and writes a recording or a script.
///
/// # Errors
/// If `from` can't be read, or has no part of the name in `options`, or if `to` can't be written, or another program is
/// recording to it. [`RecordError::Lost`] if
/// packets are of connections that can't be followed to their end: `to` has what comes before.
pub fn convert(from: &Path, to: &Path, options: &ConvertOptions) -> Result<(), RecordError> {
    let (mut recording, connections): (Recording, _) = match hex::is_hex(from) {
        true => hex::read(from)?,
        false => (mynah_recording::read(from)?, 0),
    };
    not_in_use(to).map_err(RecordError::Busy)?;
    let part = options.part.as_deref();
    let written = match options.form.unwrap_or_else(|| FileForm::of(to)) {
        FileForm::Script(form) => write_text(to, &recording.to_script(form, part)?),
        FileForm::Recording => {
            if let Some(part) = part {
                recording.keep_part(part)?;
            }
            recording.write(to)
        }
    };
    let path = to.to_owned();
    match (written, connections) {
        (Ok(()), 0) => Ok(()),
        (Ok(()), connections) => Err(RecordError::Lost {
            path,
            lines: 0,
            connections,
        }),
        (Err(source), _) => Err(RecordError::Write { path, source }),
    }
}

impl FileForm {
    /// All forms of a file, with their names as values of options.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("recording", Self::Recording),
        ("js", Self::Script(ScriptForm::JavaScript)),
        ("json", Self::Script(ScriptForm::Json)),
    ];

    fn of(path: &Path) -> Self {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("js") => {
                Self::Script(ScriptForm::JavaScript)
            }
            _ => Self::Recording,
        }
    }
}
