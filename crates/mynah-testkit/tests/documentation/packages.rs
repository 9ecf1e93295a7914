//! The packages of other languages have the version of the workspace, and need each other in this version.

use std::fs;

use mynah_testkit::repository;

/// Files of packages, and each line in them that has the version.
const LINES: &[(&str, &[&str])] = &[
    (
        "python/mynah-mock/pyproject.toml",
        &["version = \"VERSION\""],
    ),
    (
        "python/pytest-mynah/pyproject.toml",
        &["version = \"VERSION\"", "\"mynah-mock==VERSION\""],
    ),
    (
        "npm/mynah-mock/package.json",
        &[
            "\"version\": \"VERSION\"",
            "\"@mynah-mock/linux-x64\": \"VERSION\"",
            "\"@mynah-mock/linux-arm64\": \"VERSION\"",
            "\"@mynah-mock/darwin-x64\": \"VERSION\"",
            "\"@mynah-mock/darwin-arm64\": \"VERSION\"",
        ],
    ),
];

#[test]
fn packages_have_the_version_of_the_workspace() {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let package = workspace.split("[workspace.package]").nth(1).unwrap();
    let version = package.split("version = \"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    for (file, lines) in LINES {
        let text = fs::read_to_string(repository().join("bins/packaging").join(file)).unwrap();
        for line in *lines {
            let line = line.replace("VERSION", version);
            assert!(text.contains(&line), "{line} isn't in {file}");
        }
    }
}
