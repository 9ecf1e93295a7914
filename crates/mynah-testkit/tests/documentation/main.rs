//! The pages of the documentation: what they name exists, and what they show is run.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod blocks;
mod circles;
mod packages;
mod paths;
mod portability;
mod words;

use std::fs;

use mynah_testkit::repository;

#[test]
fn every_crate_is_in_the_architecture() {
    let page = fs::read_to_string(repository().join("docs/architecture.md")).unwrap();
    for folder in ["crates", "bins"] {
        for entry in fs::read_dir(repository().join(folder)).unwrap() {
            let entry = entry.unwrap().file_name();
            let package = entry.to_str().unwrap();
            assert!(page.contains(&format!("`{package}`")), "{package}");
        }
    }
}

#[test]
fn every_page_is_in_the_index() {
    let index = fs::read_to_string(repository().join("docs/README.md")).unwrap();
    for entry in fs::read_dir(repository().join("docs")).unwrap() {
        let entry = entry.unwrap().file_name();
        let page = entry.to_str().unwrap();
        let is_there = page == "README.md" || index.contains(&format!("({page}"));
        assert!(is_there, "{page}");
    }
}
