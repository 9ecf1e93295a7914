use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use super::keys::KEYS;
use super::problem::Place;
use super::{ConfigError, Problem};

/// What a configuration file says, as options of the command line.
#[derive(Debug)]
pub(crate) struct Words {
    pub(super) file: PathBuf,
    pub(super) words: Vec<Word>,
}

/// An option that stands for a key.
#[derive(Debug)]
pub(super) struct Word {
    /// `--idle-timeout`
    pub(super) option: &'static str,
    /// Nothing for an option that takes none.
    pub(super) value: Option<String>,
    pub(super) place: Place,
}

impl Words {
    /// The options, without those that are on the command line: these replace what the file says.
    pub(crate) fn args(&self, given: &BTreeSet<String>) -> Vec<OsString> {
        let words = self.words.iter();
        let words = words.filter(|word| !given.contains(word.option));
        words
            .map(|Word { option, value, .. }| match value {
                Some(value) => format!("{option}={value}").into(),
                None => (*option).into(),
            })
            .collect()
    }

    /// An error about one of these options, said with the names and the place in the file. `None` if the option isn't
    /// one of the file's.
    pub(crate) fn problem(
        &self,
        option: &str,
        value: Option<&str>,
        text: &str,
    ) -> Option<ConfigError> {
        let of_option = || self.words.iter().filter(|word| word.option == option);
        let same = of_option().find(|word| value.is_some() && word.value.as_deref() == value);
        let word = same.or_else(|| of_option().next())?;
        let problem: Problem = word.place.problem(&self.file, in_the_file(text));
        Some(ConfigError::Wrong(vec![problem]))
    }
}

/// A text with the names of keys in place of those of options.
fn in_the_file(text: &str) -> String {
    let mut keys: Vec<_> = KEYS.iter().collect();
    // A name may begin as another does.
    keys.sort_by_key(|key| std::cmp::Reverse(key.option.len()));
    let text = text.replace(
        "write --upstream A,B",
        "name several servers in listeners.*.servers",
    );
    keys.iter()
        .fold(text, |text, key| text.replace(key.option, key.path))
}
