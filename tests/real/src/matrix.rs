use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::{
    client::{Client, NotHere},
    column::{Column, Place},
    run::{Outcome, Ran},
    stage::Stage,
    suites::Suite,
};

/// The results: a row per client, a cell per column.
#[derive(Debug)]
pub(crate) struct Matrix<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) rows: Vec<Row<'a>>,
    pub(crate) suites: Vec<Suite>,
}

#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) client: &'a Client,
    pub(crate) cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) outcome: Outcome,
    /// How long the client took; zero if it wasn't run.
    pub(crate) took: Duration,
}

/// How many cells have each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl<'a> Matrix<'a> {
    /// Runs every client at every place, several at once.
    pub(crate) fn fill(
        clients: &'a [Client],
        columns: &'a [Column],
        stage: &Stage,
        jobs: usize,
    ) -> Self {
        let left: Mutex<VecDeque<(usize, &Client)>> =
            Mutex::new(clients.iter().enumerate().collect());
        let done: Mutex<Vec<(usize, Row<'a>)>> = Mutex::default();
        thread::scope(|scope| {
            for _ in 0..jobs.max(1) {
                scope.spawn(|| {
                    loop {
                        let Some((number, client)) = lock(&left).pop_front() else {
                            return;
                        };
                        let row = Row {
                            client,
                            cells: cells(client, columns, stage),
                        };
                        eprintln!("{:<24} {}", client.name, row.summary());
                        lock(&done).push((number, row));
                    }
                });
            }
        });
        let mut rows = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        rows.sort_by_key(|(number, _)| *number);
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        Self {
            columns,
            rows,
            suites: Vec::new(),
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            let own = row.counts();
            counts.passed += own.passed;
            counts.failed += own.failed;
            counts.skipped += own.skipped;
        }
        for suite in &self.suites {
            counts.add(&suite.outcome);
        }
        counts
    }
}

impl Counts {
    const fn add(&mut self, outcome: &Outcome) {
        *match outcome {
            Outcome::Pass => &mut self.passed,
            Outcome::Fail(_) => &mut self.failed,
            Outcome::Skip(_) => &mut self.skipped,
        } += 1;
    }
}

impl Row<'_> {
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for cell in &self.cells {
            counts.add(&cell.outcome);
        }
        counts
    }

    fn summary(&self) -> String {
        let Counts {
            passed,
            failed,
            skipped,
        } = self.counts();
        format!("{passed} passed, {failed} failed, {skipped} skipped")
    }
}

fn cells(client: &Client, columns: &[Column], stage: &Stage) -> Vec<Cell> {
    let skip = |why: String| Cell {
        outcome: Outcome::Skip(why),
        took: Duration::ZERO,
    };
    let command = match client.program.command() {
        Ok(command) => command,
        Err(NotHere::Broken(why)) => {
            let mut cells = vec![skip("the client can't be built".to_owned()); columns.len()];
            if let Some(first) = cells.first_mut() {
                first.outcome = Outcome::Fail(why.to_string());
            }
            return cells;
        }
        Err(why) => return vec![skip(why.to_string()); columns.len()],
    };
    // Two columns may use one run.
    let mut runs: Vec<(Place, Ran)> = Vec::new();
    let mut cells = Vec::new();
    for column in columns {
        let place = column.place();
        let target = match (client.skipped(place), stage.target(place, client.protocol)) {
            (None, Ok(target)) if target.tls && !client.knows_tls => {
                cells.push(skip("the client has no options for TLS".to_owned()));
                continue;
            }
            (None, Ok(target)) => target,
            (Some(why), _) => {
                cells.push(skip(why.to_owned()));
                continue;
            }
            (None, Err(why)) => {
                cells.push(skip(why));
                continue;
            }
        };
        if !runs.iter().any(|(of, _)| *of == place) {
            runs.push((place, Ran::of(&command, target)));
        }
        if let Some((_, ran)) = runs.iter().find(|(of, _)| *of == place) {
            cells.push(Cell {
                outcome: ran.outcome(*column),
                took: ran.took,
            });
        }
    }
    cells
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
