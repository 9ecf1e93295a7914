use std::fmt::Write as _;

use crate::{
    matrix::{Counts, Matrix},
    run::Outcome,
};

/// The table for a terminal, then the reasons of cells other than `pass`, then the number of each
/// outcome.
pub(crate) fn plain(matrix: &Matrix<'_>) -> String {
    let mut text = grid(matrix);
    let mut failures = String::new();
    let mut reasons = Reasons::default();
    for row in &matrix.rows {
        for (column, cell) in matrix.columns.iter().zip(&row.cells) {
            match &cell.outcome {
                Outcome::Pass => {}
                Outcome::Fail(why) => {
                    let _ = writeln!(
                        failures,
                        "FAIL {}, {}: {why}",
                        row.client.name,
                        column.name()
                    );
                }
                Outcome::Skip(why) => {
                    reasons.number(why);
                }
            }
        }
    }
    for (number, why) in reasons.0.iter().enumerate() {
        let _ = writeln!(text, "reason {0} (`skip {0}`): {why}", number + 1);
    }
    text += &failures;
    text += &suites(matrix);
    text += &closing(matrix);
    text
}

/// The table and the reasons in Markdown, which is readable as text, too.
pub(crate) fn grid(matrix: &Matrix<'_>) -> String {
    let mut reasons = Reasons::default();
    let mut head = vec!["client".to_owned()];
    head.extend(matrix.columns.iter().map(|column| column.name().to_owned()));
    let mut lines = vec![head];
    for row in &matrix.rows {
        let mut line = vec![row.client.name.to_owned()];
        line.extend(row.cells.iter().map(|cell| match &cell.outcome {
            Outcome::Pass => "pass".to_owned(),
            Outcome::Fail(_) => "**FAIL**".to_owned(),
            Outcome::Skip(why) => format!("skip {}", reasons.number(why)),
        }));
        lines.push(line);
    }
    let widths: Vec<usize> = (0..=matrix.columns.len())
        .map(|at| {
            lines
                .iter()
                .filter_map(|line| line.get(at))
                .map(String::len)
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(text, "| {cell:<width$} ");
        }
        text += "|\n";
        if number == 0 {
            for width in &widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text += "|\n";
        }
    }
    text
}

/// A line per suite.
pub(crate) fn suites(matrix: &Matrix<'_>) -> String {
    let mut text = String::new();
    for suite in &matrix.suites {
        let _ = match &suite.outcome {
            Outcome::Pass => writeln!(text, "pass {}: {}", suite.name, suite.said),
            Outcome::Fail(why) => writeln!(text, "FAIL {}: {why} ({})", suite.name, suite.said),
            Outcome::Skip(why) => writeln!(text, "skip {}: {why}", suite.name),
        };
    }
    text
}

/// How many cells and suites passed, failed and were skipped.
pub(crate) fn closing(matrix: &Matrix<'_>) -> String {
    let Counts {
        passed,
        failed,
        skipped,
    } = matrix.counts();
    format!("cells and suites: {passed} passed, {failed} failed, {skipped} skipped\n")
}

/// The reasons of skipped cells, without repetitions, numbered from 1 in the order of the table.
#[derive(Debug, Default)]
pub(crate) struct Reasons(pub(crate) Vec<String>);

impl Reasons {
    pub(crate) fn number(&mut self, why: &str) -> usize {
        let known = self.0.iter().position(|reason| reason == why);
        known.unwrap_or_else(|| {
            self.0.push(why.to_owned());
            self.0.len() - 1
        }) + 1
    }
}
