//! Files of a crate that import each other.

use std::collections::{BTreeMap, BTreeSet};

use mynah_testkit::repository_files;

/// Files that import each other all the same.
const ALLOWED: [&str; 1] = [
    // A SELECT has a FROM, and a FROM may have a SELECT.
    "crates/mynah-script/src/prelude/select crates/mynah-script/src/prelude/source",
];

#[test]
fn no_files_of_a_crate_import_each_other() {
    let files: BTreeMap<_, _> = repository_files("rs")
        .into_iter()
        .filter(|(path, _)| path.contains("/src/"))
        .map(|(path, text)| (module(&path), text))
        .collect();
    assert!(files.len() > 500, "{} files", files.len());
    let imports: BTreeMap<_, _> = files
        .iter()
        .map(|(module, text)| (module.as_str(), imports(module, text, &files)))
        .collect();
    assert_eq!(circles(&imports), ALLOWED);
}

#[test]
fn a_circle_is_found_across_groups_and_parents() {
    let files = [
        ("crates/a/src", "mod b;\nmod c;\nuse b::B;"),
        (
            "crates/a/src/b",
            "use std::fmt;\n\nuse super::c::{self, d::{D, E}};",
        ),
        ("crates/a/src/c", "mod d;"),
        (
            "crates/a/src/c/d",
            "use crate::\n    b::B;\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}",
        ),
    ];
    let files: BTreeMap<_, _> = files
        .iter()
        .map(|(module, text)| ((*module).to_owned(), (*text).to_owned()))
        .collect();
    let imports: BTreeMap<_, _> = files
        .iter()
        .map(|(module, text)| (module.as_str(), imports(module, text, &files)))
        .collect();
    assert_eq!(circles(&imports), ["crates/a/src/b crates/a/src/c/d"]);
}

/// The module that a file is: its path without what every file or folder of a module has.
fn module(path: &str) -> String {
    let path = path.trim_end_matches(".rs");
    let ends = ["/mod", "/lib", "/main"];
    let end = ends.iter().find(|end| path.ends_with(**end));
    end.map_or(path, |end| path.trim_end_matches(end))
        .to_owned()
}

/// The crate that a module is in.
fn root(module: &str) -> &str {
    let (before, after) = module.split_once("/src").unwrap();
    let len = match after.strip_prefix("/bin/") {
        Some(bin) => "/src/bin/".len() + bin.find('/').unwrap_or(bin.len()),
        None => "/src".len(),
    };
    &module[..before.len() + len]
}

/// The modules of the same crate that a file imports something of.
fn imports<'f>(module: &str, text: &str, files: &'f BTreeMap<String, String>) -> BTreeSet<&'f str> {
    let text = text
        .split_once("#[cfg(test)]\nmod tests {")
        .map_or(text, |(text, _)| text);
    let mut found = BTreeSet::new();
    for (_, rest) in text.match_indices("use ").map(|(at, _)| text.split_at(at)) {
        let end = rest.find(';').unwrap_or(rest.len());
        let import = rest["use ".len()..end].split_whitespace().collect();
        let mut paths = Vec::new();
        expand(String::new(), import, &mut paths);
        found.extend(
            paths
                .iter()
                .filter_map(|path| imported(module, path, files)),
        );
    }
    found.remove(module);
    found
}

/// The paths of an import with groups: `a::{b, c}` as `a::b` and `a::c`.
fn expand(before: String, import: String, paths: &mut Vec<String>) {
    let Some((path, group)) = import.split_once('{') else {
        return paths.push(before + &import);
    };
    let group = group.strip_suffix('}').unwrap_or(group);
    let (mut depth, mut part) = (0, String::new());
    for char in group.chars().chain([',']) {
        match char {
            ',' if depth == 0 => {
                expand(format!("{before}{path}"), std::mem::take(&mut part), paths);
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        part.push(char);
    }
}

/// The module that a path leads to.
fn imported<'f>(module: &str, path: &str, files: &'f BTreeMap<String, String>) -> Option<&'f str> {
    let mut names = path.split("::").peekable();
    let mut place = match *names.peek()? {
        "crate" => root(module),
        "super" | "self" => module,
        _ => return None,
    };
    while let Some(name) = names.next_if(|name| ["crate", "super", "self"].contains(name)) {
        if name == "super" {
            place = place.rsplit_once('/')?.0;
        }
    }
    let mut found = None;
    let mut place = place.to_owned();
    for name in names {
        place = format!("{place}/{name}");
        match files.get_key_value(&place) {
            Some((module, _)) => found = Some(module.as_str()),
            None => break,
        }
    }
    found
}

/// The modules that import each other, each circle as a line.
fn circles(imports: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<String> {
    let reached: BTreeMap<_, _> = imports
        .keys()
        .map(|module| (*module, reached(module, imports)))
        .collect();
    let circles: BTreeSet<_> = reached
        .iter()
        .filter(|(module, from)| from.contains(*module))
        .map(|(module, from)| {
            let is_back =
                |other: &&&str| reached.get(**other).is_some_and(|of| of.contains(module));
            let circle = from.iter().filter(is_back);
            circle.copied().collect::<Vec<_>>().join(" ")
        })
        .collect();
    circles.into_iter().collect()
}

/// The modules that a module imports, and those that these import, and so on.
fn reached<'f>(module: &str, imports: &BTreeMap<&'f str, BTreeSet<&'f str>>) -> BTreeSet<&'f str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<_> = imports[module].iter().copied().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(&imports[module]);
        }
    }
    reached
}
