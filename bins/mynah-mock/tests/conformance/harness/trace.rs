use std::fmt::Debug;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::mock::{Isolation, Mock};

/// A trace in a temporary folder, with its modules and the program's options.
#[derive(Debug)]
pub(crate) struct Script {
    folder: TempDir,
    name: PathBuf,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
}

/// A trace in JavaScript, `trace.js`.
pub(crate) fn js(text: &str) -> Script {
    Script::new("trace.js", text)
}

/// A trace in JSON, `trace.json`.
pub(crate) fn json(text: &str) -> Script {
    Script::new("trace.json", text)
}

impl Script {
    fn new(name: &str, text: &str) -> Self {
        Self::at(Path::new(name)).file(name, text)
    }

    /// A file that exists, or will if its path is relative.
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            name: path.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
        }
    }

    /// Writes a file next to the trace. `$DIR` in it becomes the trace's folder.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, self.expand(text)).unwrap();
        self
    }

    /// Sets options for the program. `$DIR` in them becomes the trace's folder.
    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        let expanded: Vec<String> = args.iter().map(|arg| self.expand(arg)).collect();
        self.args.extend(expanded);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join(&self.name)
    }

    /// `$DIR` replaced by the trace's folder.
    pub(crate) fn expand(&self, text: &str) -> String {
        text.replace("$DIR", &self.folder().display().to_string())
    }

    /// The trace's folder replaced by `$DIR`.
    pub(crate) fn shorten(&self, text: &str) -> String {
        text.replace(&self.folder().display().to_string(), "$DIR")
    }

    /// Has a conversation with the program in each isolation mode. The outcomes must be the same.
    pub(crate) fn play<T: PartialEq + Debug>(&self, conversation: impl Fn(&Mock) -> T) -> T {
        let auto = conversation(&Mock::start(self, Isolation::Auto));
        let context = conversation(&Mock::start(self, Isolation::Context));
        assert_eq!(
            auto, context,
            "--isolation auto differs from --isolation context"
        );
        auto
    }
}
