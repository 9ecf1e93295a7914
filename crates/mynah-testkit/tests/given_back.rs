//! Resources are released before they are dropped. This is a program of its own, as all resources
//! of the program are released.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may panic")]

use std::process::{Command, Stdio};

use mynah_testkit::servers::{Folder, Process, give_all_back};

fn waits_forever() -> Process {
    let mut command = Command::new("cat");
    // The child's input stays open as long as this program holds it.
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    std::mem::forget(child.stdin.take());
    Process::new(child)
}

#[test]
fn child_processes_end_and_folders_are_removed_including_later_ones() {
    let dropped = (waits_forever(), Folder::new("dropped").unwrap());
    let (mut child, folder) = (waits_forever(), Folder::new("kept").unwrap());
    let path = dropped.1.path().to_owned();
    drop(dropped);
    assert!(!path.exists());
    assert!(!child.has_ended() && folder.path().exists());

    give_all_back();
    assert!(child.has_ended() && !folder.path().exists());
    assert!(waits_forever().has_ended());
    give_all_back();
}
