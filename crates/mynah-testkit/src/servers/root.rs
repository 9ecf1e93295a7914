use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::unavailable::{Reason, io_at};

/// A folder with the programs of a server and, if they are from Debian, all the libraries they need.
#[derive(Clone, Debug)]
pub struct Root {
    folder: PathBuf,
    /// The loader of these libraries, and their folder; `None` to use the machine's.
    loader: Option<Loader>,
}

#[derive(Clone, Debug)]
struct Loader {
    program: PathBuf,
    libraries: PathBuf,
    library_path: String,
}

impl Root {
    /// A folder with programs that use the machine's own libraries.
    pub(crate) const fn plain(folder: PathBuf) -> Self {
        Self {
            folder,
            loader: None,
        }
    }

    /// A folder of unpacked Debian packages, including the C library.
    pub(crate) fn debian(folder: PathBuf) -> Result<Self, Reason> {
        // Older packages have the C library in `lib`, newer ones in `usr/lib`, together with all
        // other libraries.
        for lib in [folder.join("lib"), folder.join("usr/lib")] {
            for libraries in entries(&lib)? {
                let is_loader = |file: &PathBuf| {
                    let name = file.file_name().unwrap_or_default().to_string_lossy();
                    name.starts_with("ld-linux") && name.contains(".so")
                };
                let Some(program) = entries(&libraries)?.into_iter().find(is_loader) else {
                    continue;
                };
                let triplet = libraries.file_name().unwrap_or_default();
                let usr_lib = folder.join("usr/lib");
                let paths = [
                    libraries.clone(),
                    usr_lib.join(triplet),
                    usr_lib.join("mysql/private"),
                    usr_lib.join("mysql-router"),
                ];
                let library_path = paths.map(|path| path.display().to_string()).join(":");
                let libraries = usr_lib.join(triplet);
                return Ok(Self {
                    folder: folder.clone(),
                    loader: Some(Loader {
                        program,
                        libraries,
                        library_path,
                    }),
                });
            }
        }
        Err(Reason::Missing(folder.join("usr/lib/*/ld-linux*.so*")))
    }

    /// The path of a file or folder below this one.
    #[must_use]
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.join(below)
    }

    /// The folder of the programs' libraries; `None` if they use the machine's.
    #[must_use]
    pub fn libraries(&self) -> Option<&Path> {
        Some(&self.loader.as_ref()?.libraries)
    }

    /// A command that runs a program of this folder, or a program linked with its libraries.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let Some(loader) = &self.loader else {
            return Command::new(program);
        };
        let mut command = Command::new(&loader.program);
        command
            .arg("--library-path")
            .arg(&loader.library_path)
            .arg(program);
        command
    }
}

/// The content of a folder; empty for a file or a missing folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Reason> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(io_at(folder))?;
    entries
        .map(|entry| Ok(entry.map_err(io_at(folder))?.path()))
        .collect()
}
