//! Words that readers stumble over.

use std::fs;

use mynah_testkit::{repository, repository_files};

#[test]
fn no_file_has_a_word_of_the_list() {
    let style = fs::read_to_string(repository().join("docs/style.md")).unwrap();
    let (_, list) = style.split_once("### Words that a test refuses").unwrap();
    let words: Vec<_> = list
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    assert!(!words.is_empty(), "docs/style.md has no list");
    let mut wrong = Vec::new();
    for extension in ["rs", "md"] {
        for (path, text) in repository_files(extension) {
            if path == "docs/style.md" {
                continue;
            }
            for (place, line) in text.lines().enumerate() {
                let line = line.to_lowercase();
                for word in words.iter().filter(|word| has_word(&line, word)) {
                    wrong.push(format!("{path}:{}: '{word}'", place + 1));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} places\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn headings_of_docstrings_stand_alone_on_their_lines() {
    let mut wrong = Vec::new();
    for (path, text) in repository_files("rs") {
        for (place, line) in text.lines().enumerate() {
            if has_text_in_heading(line) {
                wrong.push(format!("{path}:{}: {}", place + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a heading that docstrings have in common is followed by text, which would be a part of the heading.
fn has_text_in_heading(line: &str) -> bool {
    let line = line.trim();
    let Some(line) = line.strip_prefix("///").or(line.strip_prefix("//!")) else {
        return false;
    };
    let line = line.trim();
    let words = line.trim_start_matches('#');
    let mut words = words.split_whitespace();
    let headings = ["Errors", "Panics", "Safety", "Examples", "Example"];
    line.starts_with('#')
        && words.next().is_some_and(|word| headings.contains(&word))
        && words.next().is_some()
}

#[test]
fn a_sentence_behind_a_heading_is_found() {
    assert!(has_text_in_heading(
        "    /// # Errors If the file can't be read."
    ));
    assert!(has_text_in_heading("//! ## Panics Never."));
    assert!(!has_text_in_heading("    /// # Errors"));
    assert!(!has_text_in_heading("    /// Errors are lines."));
    assert!(!has_text_in_heading("// # Errors If"));
}

/// Whether a text has these words, not as parts of others, and as prose: with white space on one side at least. An account
/// that is called `"nobody"` has none.
fn has_word(text: &str, words: &str) -> bool {
    let is_letter = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        let is_whole = !before.is_some_and(is_letter) && !after.is_some_and(is_letter);
        is_whole
            && [before, after]
                .iter()
                .flatten()
                .any(|char| char.is_whitespace())
    })
}

#[test]
fn a_word_in_quotes_is_a_name() {
    assert!(has_word("/// riddle listens", "riddle"));
    assert!(has_word("listens to riddle.", "riddle"));
    assert!(!has_word("log_in(\"riddle\")", "riddle"));
    assert!(!has_word("change-user=riddle//", "riddle"));
    assert!(!has_word("/// is toldx", "is told"));
}
