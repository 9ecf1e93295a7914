//! `mynah-proxy record-diff`: says where two recordings differ.

use std::process::ExitCode;

use mynah_relay::{Comparison, record_diff};

use crate::args::Diff;

/// Compares, and prints what differs: exit code 0 for nothing, 1 for something, 2 if a recording can't be read.
pub(crate) fn diff(diff: &Diff) -> ExitCode {
    match record_diff(&diff.one, &diff.other, &diff.rules) {
        Ok(found) if found.differences.is_empty() => ExitCode::SUCCESS,
        Ok(found) => {
            print(&found);
            ExitCode::from(DIFFER)
        }
        Err(error) => mynah_program::wrong_usage(&error),
    }
}

fn print(found: &Comparison) {
    for difference in &found.differences {
        mynah_program::print(&difference.to_string());
    }
    let proposed = found.proposed.texts();
    if proposed.is_empty() {
        return;
    }
    let options = proposed
        .iter()
        .map(|rule| format!("--volatile {}", quoted(rule)));
    let options: Vec<_> = options.collect();
    mynah_program::print(&format!(
        "\nThe same with these options, {}:\n{}",
        match found.left.len() {
            0 => "without exception".to_owned(),
            1 => "but for 1 difference".to_owned(),
            left => format!("but for {left} differences"),
        },
        options.join(" ")
    ));
    for difference in &found.left {
        mynah_program::print(&difference.to_string());
    }
}

/// As a shell takes it for one word.
fn quoted(rule: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/".contains(c);
    match rule.chars().all(is_plain) {
        true => rule.to_owned(),
        false => format!("'{}'", rule.replace('\'', r"'\''")),
    }
}

const DIFFER: u8 = 1;
