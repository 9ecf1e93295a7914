//! Which files a script may be made of, and whether they have changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The files as they were when they were last looked at.
#[derive(Debug)]
pub(super) struct Watch {
    file: PathBuf,
    /// The script itself, and the scripts in its folder: it may `require()` those, too.
    folder: Files,
    /// The modules that it required, wherever they are.
    modules: Files,
}

type Files = BTreeMap<PathBuf, Option<State>>;

/// What shows that a file has changed.
#[derive(Debug, PartialEq, Eq)]
struct State {
    /// Where it is, behind links.
    target: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

impl Watch {
    pub(super) fn new(file: PathBuf, modules: &[PathBuf]) -> Self {
        Self {
            folder: folder(&file),
            modules: states(modules),
            file,
        }
    }

    /// Looks at the files; says whether one has changed, or has come to the folder, since they were last looked at.
    pub(super) fn has_changed(&mut self, modules: &[PathBuf]) -> bool {
        let (folder, modules) = (folder(&self.file), states(modules));
        let mut known = self.modules.iter();
        // One that was first required meanwhile is as it was read.
        let same = known.all(|(path, state)| modules.get(path).is_none_or(|now| now == state));
        let has_changed = !same || folder != self.folder;
        (self.folder, self.modules) = (folder, modules);
        has_changed
    }

    /// The script has these modules now.
    pub(super) fn set_modules(&mut self, modules: &[PathBuf]) {
        self.modules.retain(|path, _| modules.contains(path));
    }
}

fn folder(file: &Path) -> Files {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let scripts = entries.map(|entry| entry.path()).filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "js" || extension == "json")
    });
    let scripts: Vec<_> = scripts.take(MOST).chain([file.to_owned()]).collect();
    states(&scripts)
}

fn states(paths: &[PathBuf]) -> Files {
    let paths = paths.iter();
    paths.map(|path| (path.clone(), state(path))).collect()
}

/// The state of a file; nothing if it can't be looked at.
fn state(path: &Path) -> Option<State> {
    let metadata = fs::metadata(path).ok()?;
    Some(State {
        target: fs::canonicalize(path).ok()?,
        len: metadata.len(),
        modified: metadata.modified().ok(),
    })
}

/// How many files of a folder are looked at.
const MOST: usize = 10_000;
