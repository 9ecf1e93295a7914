//! Where a password may be: in the files of traces, and in the log.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use log::{LevelFilter, Log, Metadata, Record};

use crate::generator::SECRET;

/// Where a password is in one of the files, or in the log: up to some places, with what is around it.
pub(crate) fn leaks(folder: &Path) -> Vec<String> {
    let mut texts: Vec<_> = files(folder)
        .into_iter()
        .map(|path| (path.display().to_string(), read(&path)))
        .collect();
    assert!(texts.len() >= 4, "{texts:?}");
    texts.push((
        "log".to_owned(),
        std::mem::take(&mut LINES.0.lock().unwrap()),
    ));
    let mut found = Vec::new();
    for (name, text) in texts {
        let lines = text.lines().filter(|line| has_secret(line.as_bytes()));
        found.extend(lines.take(MOST).map(|line| format!("{name}: {line}")));
        let dumped = dumped(&text);
        if let Some(at) = place_of_secret(&dumped) {
            let around = &dumped[at.saturating_sub(300)..dumped.len().min(at + 100)];
            found.push(format!("{name}, dump: {}", String::from_utf8_lossy(around)));
        }
    }
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// How many lines of a file are shown.
const MOST: usize = 3;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let inner = std::fs::read_dir(path).unwrap();
            files.extend(inner.map(|entry| entry.unwrap().path()));
        } else {
            files.push(path);
        }
    }
    files
}

/// The log of all relays.
struct Lines(Mutex<String>);

static LINES: Lines = Lines(Mutex::new(String::new()));

pub(crate) fn keep_log() {
    log::set_logger(&LINES).unwrap();
    log::set_max_level(LevelFilter::Debug);
}

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mut lines = self.0.lock().unwrap();
        lines.push_str(&format!("{}\n", record.args()));
    }

    fn flush(&self) {}
}

/// The bytes that the dumps of a text have.
fn dumped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        let Some((_, rest)) = line.split_once("] ") else {
            continue;
        };
        let Some((offset, rest)) = rest.split_once("  ") else {
            continue;
        };
        if offset.len() != 6 || !offset.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        let numbers = rest.get(..47).unwrap_or(rest).split(' ');
        bytes.extend(numbers.map_while(|number| u8::from_str_radix(number, 16).ok()));
    }
    bytes
}

pub(crate) fn has_secret(text: &[u8]) -> bool {
    place_of_secret(text).is_some()
}

/// As it is, as hex, or as base64 wherever it stands in what is encoded.
fn place_of_secret(text: &[u8]) -> Option<usize> {
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    let encoded = ["U0VLUkVU", "NFS1JFV", "TRUtSRV"];
    let wanted = [SECRET, &hex, &hex.to_uppercase()];
    let wanted = wanted.into_iter().chain(encoded);
    wanted
        .filter_map(|wanted| find(text, wanted.as_bytes()))
        .min()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted[0];
    let mut at = 0;
    while let Some(next) = text[at..].iter().position(|&byte| byte == first) {
        at += next;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
    None
}
