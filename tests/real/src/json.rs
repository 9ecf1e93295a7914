use serde_json::{Value, json};

use crate::{matrix::Matrix, run::Outcome, stage::Stage};

/// The whole table as JSON.
pub(crate) fn report(matrix: &Matrix<'_>, stage: &Stage, seconds: u64) -> String {
    let counts = matrix.counts();
    let clients: Vec<Value> = matrix
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Value> = matrix
                .columns
                .iter()
                .zip(&row.cells)
                .map(|(column, cell)| {
                    let (outcome, why) = words(&cell.outcome);
                    json!({
                        "column": column.name(),
                        "outcome": outcome,
                        "why": why,
                        "seconds": cell.took.as_secs_f64(),
                    })
                })
                .collect();
            json!({
                "client": row.client.name,
                "family": row.client.family,
                "about": row.client.about,
                "cells": cells,
            })
        })
        .collect();
    let suites: Vec<Value> = matrix
        .suites
        .iter()
        .map(|suite| {
            let (outcome, why) = words(&suite.outcome);
            json!({ "suite": suite.name, "outcome": outcome, "why": why, "said": suite.said })
        })
        .collect();
    let report = json!({
        "servers": stage.versions(),
        "passed": counts.passed,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "seconds": seconds,
        "clients": clients,
        "suites": suites,
    });
    format!("{report:#}\n")
}

const fn words(outcome: &Outcome) -> (&str, Option<&String>) {
    match outcome {
        Outcome::Pass => ("pass", None),
        Outcome::Fail(why) => ("fail", Some(why)),
        Outcome::Skip(why) => ("skip", Some(why)),
    }
}
