//! Tests other than those of a client's row: whole test programs of others, run twice and compared;
//! the programs of `docs/connect.md`; the sample application.

mod connect;
mod faults;
mod sample;
mod transparency;

use crate::{run::Outcome, stage::Stage};

/// A suite, its outcome, and further notes.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) said: String,
}

/// The names of suites on the command line.
pub(crate) const NAMES: [&str; 4] = [TRANSPARENCY, CONNECT, FAULTS, SAMPLE];
const TRANSPARENCY: &str = "transparency";
const CONNECT: &str = "connect";
const FAULTS: &str = "faults";
const SAMPLE: &str = "sample";

/// Runs the selected suites.
pub(crate) fn run(stage: &Stage, is_wanted: impl Fn(&str) -> bool) -> Vec<Suite> {
    let mut suites = Vec::new();
    if is_wanted(TRANSPARENCY) {
        suites.extend(transparency::run(stage));
    }
    if is_wanted(CONNECT) {
        suites.push(connect::run());
    }
    if is_wanted(FAULTS) {
        suites.push(faults::run());
    }
    if is_wanted(SAMPLE) {
        suites.push(sample::run());
    }
    suites
}
