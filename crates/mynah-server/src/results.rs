use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::error_code;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{
    Completion, Failure, Kill, LocalInfile, Outcome, Reply, ResultSet, Rows, RowsBuilder,
};
use tokio::sync::mpsc;

use crate::handover::{Begun, Handover};
use crate::{Cancellation, Cell, Column};

/// Takes the answer to one statement: an OK, columns and rows, or the request for a file. Each method consumes the
/// value, so a statement can't be answered twice.
#[derive(Debug)]
#[must_use = "a statement is answered by it"]
pub struct Results {
    pub(crate) handover: Arc<Handover>,
}

/// Writes the rows of a result, which are handed on in parts of about 64 KiB.
#[derive(Debug)]
#[must_use = "a result must be finished"]
pub struct RowWriter {
    handover: Arc<Handover>,
    parts: Parts,
    columns: Arc<[ColumnDefinition41]>,
    end: Completion,
    rows: RowsBuilder,
    /// The bytes of the rows that aren't handed on yet.
    size: usize,
}

/// Proof that a statement was answered; the methods of [`Backend`](crate::Backend) that answer statements return it.
#[derive(Debug)]
#[must_use = "a statement is answered by returning it"]
pub struct Finished(pub(crate) Done);

#[derive(Debug)]
pub(crate) enum Done {
    /// It is all here.
    Reply(Box<Reply>),
    /// The command is left to the session.
    Left,
    /// The last rows of a result that has begun.
    Rows(Rows),
}

/// Where gathered rows go. Most results are shorter than a part, so the channel for further parts is made late.
#[derive(Debug)]
enum Parts {
    First,
    Further(mpsc::Sender<Rows>),
    /// The rows go nowhere: they aren't needed any more.
    Gone,
}

/// Why a row can't be written. If a [`Backend`](crate::Backend) returns it (as a [`Failure`](mynah_session::Failure)),
/// the statement ends with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// The client has disconnected, another client has ended the statement, or no more rows are needed.
    #[error("the client has disconnected or needs no more rows")]
    Gone,
    /// The row has more cells than the result has columns. As a [`Failure`](mynah_session::Failure), this is error
    /// 1105.
    #[error("the row has {cells} cells, and there are {columns} columns")]
    TooManyCells {
        /// How many cells the row has.
        cells: usize,
        /// How many columns the result has.
        columns: usize,
    },
}

impl From<RowError> for Failure {
    fn from(error: RowError) -> Self {
        match error {
            RowError::Gone => Self::interrupted(),
            RowError::TooManyCells { .. } => {
                Self::general(error_code::ER_UNKNOWN_ERROR, error.to_string())
            }
        }
    }
}

impl Results {
    /// Says whether the answer is still needed, for work that runs for long without writing rows, as in
    /// [`blocking`](crate::blocking). Other work needn't ask: its future is dropped, or rows can't be written.
    #[must_use]
    pub fn cancellation(&self) -> Cancellation {
        self.handover.cancellation()
    }

    /// Answers the statement with an OK without rows.
    pub fn ok(self) -> Finished {
        self.completed(Completion::default())
    }

    /// Answers the statement with an OK and this number of affected rows.
    pub fn affected_rows(self, affected_rows: u64) -> Finished {
        self.completed(Completion {
            affected_rows,
            ..Completion::default()
        })
    }

    /// Answers the statement with an OK and these details: affected rows, insert id, warnings, message, status flags.
    pub fn completed(self, completion: Completion) -> Finished {
        Finished::of(Outcome::Ok(completion))
    }

    /// Begins a result with these columns, whose rows are then written.
    pub fn columns(self, columns: impl IntoIterator<Item = Column>) -> RowWriter {
        RowWriter {
            handover: self.handover,
            parts: Parts::First,
            columns: columns.into_iter().map(Into::into).collect(),
            end: Completion::default(),
            rows: RowsBuilder::default(),
            size: 0,
        }
    }

    /// Ends another connection or its statement, as KILL does, and answers the statement with an OK, or with error 1094
    /// if there is no such connection; [`Backend::kill`](crate::Backend::kill) is asked before.
    pub fn kill(self, kill: Kill) -> Finished {
        Finished::of(Outcome::Kill(kill))
    }

    /// Asks the client for a file of at most `limit` bytes, for LOAD DATA LOCAL INFILE; with a longer file, the
    /// statement fails. When the file has arrived, [`Backend::file`](crate::Backend::file) answers the statement. A
    /// client without the capability LOCAL_FILES, and one of the X Protocol, gets an error instead.
    pub fn local_infile(self, filename: impl Into<Bytes>, limit: usize) -> Finished {
        Finished::of(Outcome::LocalInfile(LocalInfile {
            filename: filename.into(),
            limit,
        }))
    }
}

impl RowWriter {
    /// Sets the details at the end of the result, such as warnings and status flags. Call it before the first row;
    /// later calls may have no effect.
    pub fn with_end(mut self, end: Completion) -> Self {
        self.end = end;
        self
    }

    /// Says whether rows are still needed, for work that runs for long between two rows.
    #[must_use]
    pub fn cancellation(&self) -> Cancellation {
        self.handover.cancellation()
    }

    /// Writes a row. Missing cells are NULL. Rows are handed on in parts of about 64 KiB; with the third part that the
    /// session hasn't taken, this waits, so a backend is at most about 192 KiB ahead of its client.
    ///
    /// # Errors
    /// [`RowError::Gone`] if the rows aren't needed any more, as [`cancellation`](Self::cancellation) says.
    /// [`RowError::TooManyCells`] if the result has fewer columns; the row isn't written.
    pub async fn row<'a, C: Into<Cell<'a>>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
    ) -> Result<(), RowError> {
        if !self.gather(cells)? {
            return Ok(());
        }
        match self.begin_or_more()? {
            Some((parts, rows)) => parts.send(rows).await.map_err(|_gone| RowError::Gone),
            None => Ok(()),
        }
    }

    /// As [`row`](Self::row), for work on a thread that may block, as in [`blocking`](crate::blocking).
    ///
    /// # Panics
    /// In an `async` function of the server's own threads.
    ///
    /// # Errors
    /// As for [`row`](Self::row).
    pub fn row_blocking<'a, C: Into<Cell<'a>>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
    ) -> Result<(), RowError> {
        if !self.gather(cells)? {
            return Ok(());
        }
        match self.begin_or_more()? {
            Some((parts, rows)) => parts.blocking_send(rows).map_err(|_gone| RowError::Gone),
            None => Ok(()),
        }
    }

    /// Adds a row to those that are gathered; returns whether they are to be handed to the session.
    fn gather<'a, C: Into<Cell<'a>>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
    ) -> Result<bool, RowError> {
        if self.handover.is_cancelled() {
            return Err(RowError::Gone);
        }
        let (columns, size) = (self.columns.len(), self.size);
        let (mut written, mut cells) = (0, cells.into_iter());
        for cell in cells.by_ref().take(columns) {
            let cell = cell.into();
            self.cell(cell.bytes());
            written += 1;
        }
        let beyond = cells.count();
        if beyond > 0 {
            self.rows.drop_row();
            self.size = size;
            let cells = written + beyond;
            return Err(RowError::TooManyCells { cells, columns });
        }
        // A row has as many cells as there are columns; NULL stands for a missing one.
        for _missing in written..columns {
            self.cell(None);
        }
        self.rows.end_row();
        Ok(self.size >= PIECE)
    }

    /// Ends the result after the rows that were written, none included.
    pub fn finish(mut self) -> Finished {
        let rows = std::mem::take(&mut self.rows).finish();
        match self.parts {
            Parts::First => {
                let result = self.result(rows);
                Finished::of(Outcome::Rows(result))
            }
            Parts::Further(_) | Parts::Gone => Finished(Done::Rows(rows)),
        }
    }

    fn cell(&mut self, cell: Option<&[u8]>) {
        self.size += cell.map_or(1, |cell| cell.len() + 1);
        self.rows.cell(cell);
    }

    /// Hands the gathered rows over together with the beginning of the result; later rows are returned, with the channel
    /// that takes them, which may have to be waited for.
    fn begin_or_more(&mut self) -> Result<Option<(mpsc::Sender<Rows>, Rows)>, RowError> {
        self.size = 0;
        let rows = std::mem::take(&mut self.rows).finish();
        let further = match std::mem::replace(&mut self.parts, Parts::Gone) {
            Parts::First => {
                let (further, more) = mpsc::channel(1);
                let result = self.result(rows);
                if !self.handover.begin(Begun { result, more }) {
                    return Err(RowError::Gone);
                }
                self.parts = Parts::Further(further);
                return Ok(None);
            }
            Parts::Further(further) => further,
            Parts::Gone => return Err(RowError::Gone),
        };
        self.parts = Parts::Further(further.clone());
        Ok(Some((further, rows)))
    }

    fn result(&mut self, rows: Rows) -> ResultSet {
        ResultSet {
            columns: Arc::clone(&self.columns),
            rows,
            end: std::mem::take(&mut self.end),
            is_out_parameters: false,
        }
    }
}

impl Finished {
    fn of(outcome: Outcome) -> Self {
        Self(Done::Reply(Box::new(outcome.into())))
    }
}

/// How many bytes of rows are handed on at once.
const PIECE: usize = 64 * 1024;
