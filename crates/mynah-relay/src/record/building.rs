use mynah_classic::error_code::ER_QUERY_INTERRUPTED;
use mynah_recording::{
    Answer, Cell, Cells, Column, Completion, Failure, FileAsked, Outcome, Prepared, ResultSet,
};
use mynah_session::observe;
use mynah_x::resultset::ColumnMetaData;
use sha2::{Digest as _, Sha256};

use crate::trace::{HiddenCells, Rules};

/// The answer to a command, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Building {
    results: Vec<Outcome>,
    /// The result whose columns or rows come.
    pub(super) set: Option<Box<Set>>,
    file: Option<Box<File>>,
    /// The answer to COM_STMT_PREPARE, for a statement that is prepared.
    pub(super) prepared: Option<Prepared>,
    /// Why something of it is missing.
    gap: Option<String>,
    /// How many bytes its cells have.
    held: usize,
}

/// A result whose columns or rows come.
#[derive(Debug, Default)]
pub(super) struct Set {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    pub(super) kinds: Kinds,
    /// What of its cells is hidden; known with its first row.
    hidden: Option<HiddenCells>,
    pub(super) is_out_parameters: bool,
}

/// How the cells of rows are read.
#[derive(Debug)]
pub(super) enum Kinds {
    Classic(Cells),
    X(Vec<ColumnMetaData>),
}

impl Default for Kinds {
    fn default() -> Self {
        Self::Classic(Cells::default())
    }
}

/// A file of the client's.
#[derive(Debug)]
struct File {
    name: String,
    size: u64,
    hash: Sha256,
}

impl Building {
    /// A result begins.
    pub(super) fn begin_set(&mut self) {
        if self.has_rows() {
            self.miss("rows came in between that have no end");
        }
        self.set = Some(Box::default());
    }

    /// A column of the result.
    pub(super) fn column(&mut self, column: Column) {
        let set = self.set.get_or_insert_default();
        set.columns.push(column);
    }

    /// How many columns the result has so far.
    pub(super) fn columns(&self) -> usize {
        self.set.as_ref().map_or(0, |set| set.columns.len())
    }

    /// Whether the result has rows.
    pub(super) fn has_rows(&self) -> bool {
        self.set.as_ref().is_some_and(|set| !set.rows.is_empty())
    }

    /// A row, of which `hidden` says what must not be kept.
    pub(super) fn row(
        &mut self,
        row: Option<Vec<Cell>>,
        rules: Rules<'_>,
        hidden: impl FnOnce() -> HiddenCells,
    ) {
        let Some(mut row) = row else {
            return self.miss("a row can't be read");
        };
        let len = row
            .iter()
            .map(|cell| cell.bytes().map_or(0, <[u8]>::len) + size_of::<Cell>());
        self.held += len.sum::<usize>();
        // The rows that were kept are dropped, too: part of a result must not look like a complete one. Later rows
        // aren't added either, because `held` never gets smaller.
        if self.held > MOST_HELD {
            if let Some(set) = &mut self.set {
                set.rows = Vec::new();
            }
            return self.miss(&format!("its rows have more than {MOST_HELD} bytes"));
        }
        let set = self.set.get_or_insert_default();
        let columns = &set.columns;
        let is_text = |index: usize| columns.get(index).is_some_and(is_text);
        let hidden = set.hidden.get_or_insert_with(hidden);
        super::hiding::hide(&mut row, hidden, rules, is_text);
        set.rows.push(row);
    }

    /// What is hidden of rows that are still to come is decided now.
    pub(super) fn decide_hidden(&mut self, hidden: impl FnOnce() -> HiddenCells) {
        if let Some(set) = &mut self.set {
            set.hidden.get_or_insert_with(hidden);
        }
    }

    /// The rows of the result have ended.
    pub(super) fn end_set(&mut self, end: Completion, is_out_parameters: bool) {
        let Some(set) = self.set.take() else {
            return self.result(Outcome::Ok(end));
        };
        let is_out_parameters = is_out_parameters || set.is_out_parameters;
        let result = ResultSet {
            columns: set.columns,
            rows: set.rows,
            end,
        };
        self.result(match is_out_parameters {
            true => Outcome::OutParameters(result),
            false => Outcome::Result(result),
        });
    }

    /// What comes behind the rows of the last result (X Protocol).
    pub(super) fn set_end(&mut self, said: Completion) {
        match self.results.last_mut() {
            // In the X Protocol, affected rows and warnings come in notices after the rows have ended.
            Some(Outcome::Result(result) | Outcome::OutParameters(result)) => result.end = said,
            _ => self.result(Outcome::Ok(said)),
        }
    }

    /// It has failed. Before the first row, the error is the whole answer: MariaDB sends the columns of RETURNING before it
    /// knows whether the INSERT succeeds. But a statement that was killed might have had rows.
    pub(super) fn error(&mut self, failure: Failure) {
        if let Some(set) = self.set.take()
            && (!set.rows.is_empty() || failure.code == u32::from(ER_QUERY_INTERRUPTED))
        {
            let rows = set.rows.len();
            self.miss(&format!("error {} came after {rows} rows", failure.code));
        }
        self.result(Outcome::Error(failure));
    }

    pub(super) fn result(&mut self, outcome: Outcome) {
        let outcome = match self.file.take() {
            Some(file) => Outcome::LocalInfile(FileAsked {
                filename: file.name,
                size: file.size,
                sha256: hex(&file.hash.finalize()),
                answer: Box::new(outcome.into()),
            }),
            None => outcome,
        };
        self.results.push(outcome);
    }

    /// A file is asked for.
    pub(super) fn ask_file(&mut self, name: String) {
        self.file = Some(Box::new(File {
            name,
            size: 0,
            hash: Sha256::new(),
        }));
    }

    /// A piece of it.
    pub(super) fn file(&mut self, piece: &[u8], len: u64) {
        if let Some(file) = &mut self.file {
            file.size += len;
            file.hash.update(piece);
        }
    }

    /// Something of it is missing; the first reason counts.
    pub(super) fn miss(&mut self, why: &str) {
        self.gap.get_or_insert_with(|| why.to_owned());
    }

    /// What was said of a statement that was prepared, and the whole answer.
    pub(super) fn finish(mut self, ended: Ended) -> (Option<Prepared>, Answer) {
        // The answer ended in the middle of rows. They are kept, and the answer is marked as incomplete, so it is
        // never played.
        if self.set.is_some() {
            self.miss("its rows have no end");
            self.end_set(Completion::default(), false);
        }
        if self.file.is_some() {
            self.miss("the file has no end");
        }
        let answer = Answer {
            outcome: match self.results.len() {
                0 | 1 => self.results.pop(),
                _ => Some(Outcome::Results(self.results)),
            },
            latency_us: ended.latency_us,
            incomplete: ended.lost.or(self.gap),
        };
        (self.prepared, answer)
    }
}

/// How an answer ended.
#[derive(Debug)]
pub(super) struct Ended {
    latency_us: Option<u64>,
    /// Why it isn't whole.
    lost: Option<String>,
}

impl From<&observe::Answer> for Ended {
    fn from(answer: &observe::Answer) -> Self {
        let latency = answer.timing.map(|timing| timing.latency.as_micros());
        Self {
            latency_us: latency.and_then(|latency| u64::try_from(latency).ok()),
            lost: match &answer.outcome {
                observe::Outcome::CutOff => Some("the connection was lost".to_owned()),
                observe::Outcome::Undecodable(error) => {
                    Some(format!("a packet can't be read: {error}"))
                }
                _ => None,
            },
        }
    }
}

/// Whether a hidden cell of it can be shown as a text.
fn is_text(column: &Column) -> bool {
    let types = [
        "VARCHAR",
        "VAR_STRING",
        "STRING",
        "BLOB",
        "TINYBLOB",
        "MEDIUMBLOB",
        "LONGBLOB",
    ];
    types.contains(&&*column.column_type)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many bytes the cells of an answer may have.
const MOST_HELD: usize = 64 * 1024 * 1024;
