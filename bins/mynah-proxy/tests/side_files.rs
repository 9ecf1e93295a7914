//! `--record-rows-limit`: large results of a recording are in files beside it, which all commands know of.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::{Path, PathBuf};

use support::{Proxy, client, run, server};

const NAMES: [&str; 2] = ["mysql-9.7/query.hex", "x/mysql-9.7/documents.hex"];

/// Lets a client talk to its server through a proxy with these arguments.
fn talk(name: &'static str, args: &[&str]) -> (Option<i32>, String) {
    let names: &'static [&'static str] = Box::leak(Box::new([name]));
    let args = [&["--trace=off"], args].concat();
    let proxy = Proxy::start(&[server(names)], &args);
    client(proxy.ports[0], name);
    proxy.end_with_status()
}

fn recorded(name: &'static str, path: &Path, limit: &str) {
    let record = format!("--record={}", path.display());
    let limit = format!("--record-rows-limit={limit}");
    let (code, said) = talk(name, &[&record, &limit]);
    assert_eq!(code, Some(0), "{said}");
}

fn side_files(path: &Path) -> Vec<PathBuf> {
    match std::fs::read_dir(path.with_extension("json.rows")) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_recording_with_side_files_is_compared_and_converted_as_one_without() {
    for name in NAMES {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let [apart, whole] = [path("apart.json"), path("whole.json")];
        recorded(name, &apart, "0");
        recorded(name, &whole, "none");
        assert!(text(&apart).contains("\"rows_file\""), "{name}");
        assert!(!text(&apart).contains("\"rows\": [["), "{name}");
        assert!(!side_files(&apart).is_empty() && side_files(&whole).is_empty());
        assert!(text(&whole).contains("\"rows\": ["), "{name}");
        let [apart_text, whole_text] = [&apart, &whole].map(|path| path.to_str().unwrap());

        let diff = run(&["record-diff", apart_text, whole_text]);
        assert_eq!(diff.status.code(), Some(0), "{name}: {diff:?}");
        let compare = format!("--compare={apart_text}");
        let (code, said) = talk(name, &[&compare]);
        assert_eq!(code, Some(0), "{name}: {said}");
        let scripts = [apart_text, whole_text].map(|from| {
            let to = path("script.js");
            let output = run(&["convert", from, to.to_str().unwrap()]);
            assert!(output.status.success(), "{name}: {output:?}");
            // The first line has the time of the recording.
            text(&to).split_once('\n').unwrap().1.to_owned()
        });
        assert_eq!(scripts[0], scripts[1], "{name}");
        // The recording has its limit with it, wherever it goes.
        let copy = path("copy.json");
        let output = run(&["convert", apart_text, copy.to_str().unwrap()]);
        assert!(output.status.success(), "{name}: {output:?}");
        assert_eq!(text(&copy), text(&apart), "{name}");
        assert_eq!(side_files(&copy).len(), side_files(&apart).len());

        let side = &side_files(&apart)[0];
        std::fs::remove_file(side).unwrap();
        let missing = side.to_str().unwrap();
        let route = ["-l127.0.0.1:0", "-u127.0.0.1:1"];
        let replay = format!("--replay={apart_text}");
        for (args, code) in [
            (vec!["record-diff", apart_text, whole_text], 2),
            (vec!["convert", apart_text, copy.to_str().unwrap()], 1),
            ([&route[..], &[&compare]].concat(), 1),
            (vec!["-l127.0.0.1:0", &replay], 1),
            ([&route[..], &[&replay, "--record-mode=new"]].concat(), 2),
        ] {
            let output = run(&args);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
            assert!(said.contains(missing), "{args:?}: {said}");
        }
    }
}

#[test]
fn a_limit_needs_a_recording() {
    let args = ["-l127.0.0.1:0", "-u127.0.0.1:1", "--record-rows-limit=5"];
    for (further, said) in [
        (None, "--record-rows-limit without --record"),
        (
            Some("--compare=rec.json"),
            "--record-rows-limit without --record",
        ),
        (
            Some("--record-rows-limit=many"),
            "expected a number of rows, or none",
        ),
    ] {
        let args = args.into_iter().filter(|arg| {
            !(further.is_some_and(|further| further.starts_with("--record-rows"))
                && arg.starts_with("--record-rows"))
        });
        let record = further.filter(|further| further.starts_with("--record-rows"));
        let record = record.map(|_| "--record=nowhere/rec.json");
        let args: Vec<_> = args.chain(further).chain(record).collect();
        let output = run(&args);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(said), "{errors}");
    }
}
