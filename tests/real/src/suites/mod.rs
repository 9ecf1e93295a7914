//! What isn't a client's row: whole test programs of others, run twice and compared.

mod transparency;

use crate::{run::Outcome, stage::Stage};

/// A suite, what came of it, and what is worth saying besides.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) said: String,
}

/// Runs all of them.
pub(crate) fn run(stage: &Stage) -> Vec<Suite> {
    transparency::run(stage)
}
