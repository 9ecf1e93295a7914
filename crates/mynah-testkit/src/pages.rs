//! The pages of the documentation, and the commands in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A Markdown file of the repository.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path of the page, relative to the repository's folder.
    pub name: String,
    /// The text of the page, in Markdown.
    pub text: String,
}

/// A block of code in a page.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// The language of the block: `sh`, `js`, …; empty if the page gives none.
    pub language: &'a str,
    /// The number of the line in the page that opens the block, from 1.
    pub line: usize,
    /// The comment in the line before the block, `<!-- … -->`; empty if there is none.
    pub comment: &'a str,
    /// The lines of the block, between the fences.
    pub lines: Vec<&'a str>,
}

impl Page {
    /// All pages of the repository, without those in build folders, fuzz corpora and hidden folders.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let pages = repository_files("md").into_iter();
        pages.map(|(name, text)| Self { name, text }).collect()
    }

    /// The blocks of code in the page, in order.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines().enumerate();
        let mut before = "";
        while let Some((at, line)) = lines.next() {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                let comment = before.trim().strip_prefix("<!-- ");
                let comment = comment.and_then(|comment| comment.strip_suffix(" -->"));
                let inside = lines.by_ref().map(|(_, line)| line);
                let is_inside = |line: &&str| !line.trim_start().starts_with("```");
                blocks.push(Block {
                    language,
                    line: at + 1,
                    comment: comment.unwrap_or_default(),
                    lines: inside.take_while(is_inside).collect(),
                });
            }
            before = line;
        }
        blocks
    }
}

impl Block<'_> {
    /// The commands of a shell block as lists of words, without comments, redirections, and
    /// variables set in front. A `…` stands for words that the page omits.
    #[must_use]
    pub fn commands(&self) -> Vec<Vec<String>> {
        let text = self.lines.join("\n").replace("\\\n", " ");
        let mut commands = Vec::new();
        for line in text.lines() {
            let words = shlex::split(line).unwrap_or_default();
            let is_end = |word: &String| matches!(word.as_str(), "&" | "&&" | "|" | ";");
            for words in words.split(is_end) {
                let is_setting = |word: &&String| word.contains('=') && !word.starts_with('-');
                let words = words.iter().skip_while(is_setting);
                let words = without_redirections(words);
                if !words.is_empty() {
                    commands.push(words);
                }
            }
        }
        commands
    }
}

/// Words without `>FILE`, `2>&1` and `> FILE`.
fn without_redirections<'a>(mut words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        let target = word
            .trim_start_matches(|char: char| char.is_ascii_digit())
            .strip_prefix('>');
        match target {
            None => kept.push(word.clone()),
            Some("" | ">") => drop(words.next()),
            Some(_) => {}
        }
    }
    kept
}

/// The arguments of all commands in pages that run a program of the workspace, by its name or by
/// `cargo run`, each with the place of its block.
#[must_use]
pub(crate) fn shown_commands(program: &str) -> Vec<(String, Vec<String>)> {
    let mut shown = Vec::new();
    for page in Page::all() {
        for block in page.blocks().iter().filter(|block| block.language == "sh") {
            for words in block.commands() {
                let first = words.first().is_some_and(|first| first == program);
                let is_run = words.starts_with(&["cargo".into(), "run".into()])
                    && words.contains(&program.into());
                let skipped = if is_run {
                    words.iter().position(|word| word == "--").map(|at| at + 1)
                } else {
                    first.then_some(1)
                };
                if let Some(skipped) = skipped {
                    let place = format!("{}:{}", page.name, block.line);
                    shown.push((place, words.into_iter().skip(skipped).collect()));
                }
            }
        }
    }
    shown
}

/// The folder of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Paths and texts of all files of the repository with this extension, without build folders, fuzz corpora and hidden
/// folders.
#[must_use]
pub fn repository_files(extension: &str) -> Vec<(String, String)> {
    let root = repository();
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if path.is_dir() {
                let is_made = matches!(&*name, "target" | "corpus" | "node_modules");
                if !is_made && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|found| found == extension)
                && let Ok(text) = fs::read_to_string(&path)
            {
                let below = path.strip_prefix(&root).unwrap_or(&path);
                files.push((below.display().to_string(), text));
            }
        }
    }
    files.sort();
    files
}
