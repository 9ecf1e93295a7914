//! Links and paths.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use mynah_testkit::{Page, repository};

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for page in Page::all() {
        for (line, link) in links(&page.text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let own = repository().join(&page.name);
            let target = if file.is_empty() {
                own
            } else {
                own.parent().unwrap().join(file)
            };
            let is_there = target.exists() && (heading.is_empty() || has_heading(&target, heading));
            if !is_there {
                wrong.push(format!("{}:{line}: {link}", page.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_path_in_the_documentation_exists() {
    let mut wrong = Vec::new();
    for page in Page::all() {
        // What a changelog names may be gone since.
        if page.name.ends_with("CHANGELOG.md") {
            continue;
        }
        for (line, text) in page.text.lines().enumerate() {
            for quoted in text.split('`').skip(1).step_by(2) {
                if is_path(quoted) && !exists(quoted) {
                    wrong.push(format!("{}:{}: {quoted}", page.name, line + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether it is a path of the repository, by its first folder.
fn is_path(text: &str) -> bool {
    let folders = ["crates/", "bins/", "docs/", "fixtures/", "tests/real"];
    folders.iter().any(|folder| text.starts_with(folder)) && !text.contains([' ', '<', '…', '='])
}

/// Whether there is such a file or folder; `*` stands for any name, `{a,b}` for each of them.
fn exists(path: &str) -> bool {
    if let Some((before, rest)) = path.split_once('{') {
        let (choices, after) = rest.split_once('}').unwrap();
        return choices
            .split(',')
            .all(|choice| exists(&format!("{before}{choice}{after}")));
    }
    match path.split_once('*') {
        Some((before, _)) => {
            let (folder, start) = before.rsplit_once('/').unwrap();
            let mut entries = fs::read_dir(repository().join(folder))
                .into_iter()
                .flatten();
            entries.any(|entry| {
                let name = entry.unwrap().file_name();
                name.to_str().unwrap().starts_with(start)
            })
        }
        None => repository().join(path).exists(),
    }
}

/// The lines and targets of links, outside of code.
fn links(text: &str) -> Vec<(usize, &str)> {
    let (mut links, mut is_code) = (Vec::new(), false);
    for (number, line) in text.lines().enumerate() {
        is_code ^= line.trim_start().starts_with("```");
        if is_code {
            continue;
        }
        // Every second piece is code.
        let prose = line.split('`').step_by(2);
        // A link whose text is code spans two pieces: `](` begins the second.
        for piece in prose {
            let targets = piece.split("](").skip(1);
            links.extend(targets.filter_map(|rest| Some((number + 1, rest.split_once(')')?.0))));
        }
    }
    links
}

/// Whether a page has a heading that such an anchor stands for.
fn has_heading(page: &Path, anchor: &str) -> bool {
    if page.extension().is_none_or(|extension| extension != "md") {
        return true;
    }
    let text = fs::read_to_string(page).unwrap();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchors: HashSet<_> = headings.map(anchor_of).collect();
    anchors.contains(anchor)
}

/// As GitHub makes them.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
    kept.map(|char| if char == ' ' { '-' } else { char })
        .collect()
}
