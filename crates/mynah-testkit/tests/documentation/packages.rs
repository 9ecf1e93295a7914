//! The packages of other languages have the version of the workspace, and need each other in this version, as the sample
//! application needs them.

use std::fs;

use mynah_testkit::repository;

/// Files of packages, and each line in them that has the version.
const LINES: &[(&str, &[&str])] = &[
    (
        "bins/packaging/python/mynah-mock/pyproject.toml",
        &["version = \"VERSION\""],
    ),
    (
        "bins/packaging/python/pytest-mynah/pyproject.toml",
        &["version = \"VERSION\"", "\"mynah-mock==VERSION\""],
    ),
    (
        "bins/packaging/npm/mynah-mock/package.json",
        &[
            "\"version\": \"VERSION\"",
            "\"@mynah-mock/linux-x64\": \"VERSION\"",
            "\"@mynah-mock/linux-arm64\": \"VERSION\"",
            "\"@mynah-mock/darwin-x64\": \"VERSION\"",
            "\"@mynah-mock/darwin-arm64\": \"VERSION\"",
        ],
    ),
    (
        "tests/real/sample/python/requirements.txt",
        &["pytest-mynah==VERSION"],
    ),
    (
        "tests/real/sample/node/package.json",
        &["\"mynah-mock\": \"VERSION\""],
    ),
];

#[test]
fn packages_have_the_version_of_the_workspace() {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let package = workspace.split("[workspace.package]").nth(1).unwrap();
    let version = package.split("version = \"").nth(1).unwrap();
    let version = version.split('"').next().unwrap();
    for (file, lines) in LINES {
        let text = fs::read_to_string(repository().join(file)).unwrap();
        for line in *lines {
            let line = line.replace("VERSION", version);
            assert!(text.contains(&line), "{line} isn't in {file}");
        }
    }
}
