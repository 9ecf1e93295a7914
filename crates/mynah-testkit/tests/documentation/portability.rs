//! What of the sources runs on Unix alone.

use std::fs;
use std::path::Path;

use mynah_testkit::repository;

/// Every file that uses the standard library's modules for Unix, and what another system would have in its place.
/// docs/install.md says which systems are supported; a crate that isn't here is meant to work on all of them.
const UNIX_ONLY: &[(&str, &str)] = &[
    (
        "bins/mynah-mock/src/run.rs",
        "exit status of a command that a signal ended: none",
    ),
    (
        "crates/mynah-guard/src/descriptor.rs",
        "the socket of a lost thread: a duplicated handle",
    ),
    (
        "crates/mynah-net/src/listener/mod.rs",
        "sockets from the service manager: none",
    ),
    (
        "crates/mynah-net/src/listener/socket_file.rs",
        "Unix sockets: TCP, or a named pipe",
    ),
    (
        "crates/mynah-net/src/listener/unix.rs",
        "Unix sockets: TCP, or a named pipe",
    ),
    (
        "crates/mynah-net/src/stream/waiting.rs",
        "reads that wait for a moment: the event loop",
    ),
    (
        "crates/mynah-net/src/tls/kept.rs",
        "the mode of a private key's file: the folder's rights",
    ),
    (
        "crates/mynah-net/src/tls/key_log.rs",
        "the mode of a key log: the folder's rights",
    ),
    (
        "crates/mynah-relay/src/trace/sink/line_file.rs",
        "the mode of a trace, reads at a place: seek",
    ),
    (
        "crates/mynah-relay/src/trace/sink/target.rs",
        "whether standard output can be written to now: a thread",
    ),
];

#[test]
fn every_use_of_the_modules_for_unix_is_known() {
    let mut found = Vec::new();
    for folder in ["crates", "bins"] {
        for entry in fs::read_dir(repository().join(folder)).unwrap() {
            collect(&entry.unwrap().path().join("src"), &mut found);
        }
    }
    found.sort();
    let known: Vec<_> = UNIX_ONLY
        .iter()
        .map(|(file, _)| (*file).to_owned())
        .collect();
    assert_eq!(found, known);
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            if text.contains("std::os::unix") || text.contains("std::os::fd") {
                let file = path.strip_prefix(repository()).unwrap();
                found.push(file.to_str().unwrap().to_owned());
            }
        }
    }
}
