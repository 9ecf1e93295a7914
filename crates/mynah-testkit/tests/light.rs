//! What crates bring when a program depends on nothing else of this workspace.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

/// All crates that a program with this one as its only dependency is built of.
fn crates_of(name: &str) -> BTreeSet<String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["tree", "--offline", "--edges", "normal", "--prefix", "none"]);
    cargo.args(["--no-dedupe", "--format", "{p}", "--package", name]);
    // As a program outside of this workspace: other members don't turn features on.
    cargo.env("CARGO_RESOLVER_FEATURE_UNIFICATION", "selected");
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let tree = String::from_utf8(output.stdout).unwrap();
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_codec_crates_bring_few_others() {
    for (name, most) in [("mynah-wire", 10), ("mynah-classic", 12)] {
        let crates = crates_of(name);
        assert!(crates.contains(name), "{crates:?}");
        assert!(crates.len() <= most, "{name}: {crates:?}");
    }
}

#[test]
fn the_codec_crates_bring_no_runtime_and_need_no_c_compiler() {
    for name in ["mynah-wire", "mynah-classic", "mynah-x"] {
        let crates = crates_of(name);
        for heavy in ["cc", "libc", "openssl", "tokio", "tokio-util", "zstd-sys"] {
            assert!(!crates.contains(heavy), "{name} brings {heavy}");
        }
    }
}

#[test]
fn only_what_plays_scripts_in_javascript_brings_the_script_engine() {
    for (name, has_engine) in [
        ("mynah-mock", true),
        ("mynah-proxy", false),
        ("mynah-replay", false),
        ("mynah-rest", false),
    ] {
        let crates = crates_of(name);
        let found: Vec<_> = crates.iter().filter(|c| c.starts_with("boa_")).collect();
        assert_eq!(!found.is_empty(), has_engine, "{name} brings {found:?}");
    }
}
