use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
};

use super::unavailable::{Reason, io_at};

/// The folder for downloads: `${MYNAH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mynah}/servers`.
///
/// # Errors
/// [`Reason::NoCache`] if none of the three is set.
pub fn folder() -> Result<PathBuf, Reason> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let mynah = set("MYNAH_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("mynah")))
        .or_else(|| Some(set("HOME")?.join(".cache").join("mynah")));
    Ok(mynah.ok_or(Reason::NoCache)?.join("servers"))
}

/// The folder `name` of the cache. `fill` fills it unless it already has the content that `wanted`
/// describes.
///
/// A crash leaves no half-filled folder of this name behind, and a second process waits for the first. `fill` must
/// not write the folder's path into files: the folder is moved afterwards.
///
/// # Errors
/// The [`Reason`] of `fill`, or of reading and writing the cache.
pub fn filled(
    name: &str,
    wanted: &str,
    fill: impl FnOnce(&Path) -> Result<(), Reason>,
) -> Result<PathBuf, Reason> {
    let cache = folder()?;
    fs::create_dir_all(&cache).map_err(io_at(&cache))?;
    let lock_path = cache.join(format!("{name}.lock"));
    let lock = File::create(&lock_path).map_err(io_at(&lock_path))?;
    lock.lock().map_err(io_at(&lock_path))?;

    let (ready, new) = (cache.join(name), cache.join(format!("{name}.new")));
    if fs::read_to_string(ready.join(DESCRIPTION)).is_ok_and(|found| found == wanted) {
        return Ok(ready);
    }
    for old in [&new, &ready] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(io_at(old))?;
        }
    }
    fs::create_dir(&new).map_err(io_at(&new))?;
    fill(&new)?;
    let description = new.join(DESCRIPTION);
    fs::write(&description, wanted).map_err(io_at(&description))?;
    fs::rename(&new, &ready).map_err(io_at(&ready))?;
    Ok(ready)
}

/// The file that describes the content of a folder.
const DESCRIPTION: &str = "contents.txt";
