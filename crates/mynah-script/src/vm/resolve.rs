//! Finds the file of a module by its name.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The file that `require(id)` means in a module that lies in `directory`.
/// One without a path is searched for in `searched`.
pub(super) fn resolve(
    id: &str,
    directory: &Path,
    searched: impl IntoIterator<Item = PathBuf>,
) -> Option<PathBuf> {
    if id.is_empty() {
        return None;
    }
    if !is_bare(id) {
        return file_or_directory(&directory.join(id));
    }
    let mut searched = searched.into_iter();
    searched.find_map(|modules| file_or_directory(&modules.join(id)))
}

/// Whether a module is named without saying where it lies.
pub(super) fn is_bare(id: &str) -> bool {
    let relative = ["./", "../"].iter().any(|start| id.starts_with(start));
    !(relative || id == "." || id == ".." || Path::new(id).is_absolute())
}

/// The directories below `prefix` in which modules without a path are searched for.
pub(super) fn searched(prefix: &Path) -> impl Iterator<Item = PathBuf> {
    let directories = ["local_modules", "npm/node_modules"].into_iter();
    directories.map(|directory| prefix.join(directory))
}

fn file_or_directory(path: &Path) -> Option<PathBuf> {
    file(path).or_else(|| main(path)).or_else(|| index(path))
}

/// The path itself, or with one of the endings that modules have.
fn file(path: &Path) -> Option<PathBuf> {
    let with = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let mut candidates = ["", ".js", ".json"].into_iter().map(with);
    candidates.find(|candidate| candidate.is_file())
}

/// What the `package.json` of a directory calls its `main`.
fn main(directory: &Path) -> Option<PathBuf> {
    let package = std::fs::read(directory.join("package.json")).ok()?;
    let package: Value = serde_json::from_slice(&package).ok()?;
    let main = directory.join(package.get("main")?.as_str()?);
    file(&main).or_else(|| index(&main))
}

fn index(directory: &Path) -> Option<PathBuf> {
    let mut candidates = ["index.js", "index.json"]
        .into_iter()
        .map(|name| directory.join(name));
    candidates.find(|candidate| candidate.is_file())
}
