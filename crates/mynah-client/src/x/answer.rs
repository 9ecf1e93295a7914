use std::sync::Arc;

use mynah_x::ServerMessage;
use mynah_x::resultset::ColumnMetaData;

use super::{Client, Notices, Row};
use crate::Error;

/// The answer to a statement, read step by step: the columns of a result, its rows, and what notices say.
#[derive(Debug)]
pub struct Answer<'a> {
    client: &'a mut Client,
    columns: Arc<[ColumnMetaData]>,
    notices: Notices,
    /// Whether the end of the current result's rows hasn't been read.
    has_rows: bool,
    /// The message behind the columns.
    read_ahead: Option<ServerMessage>,
    is_complete: bool,
}

impl<'a> Answer<'a> {
    /// Reads up to the first row, or the end of an answer without rows.
    pub(super) async fn begin(client: &'a mut Client) -> Result<Self, Error> {
        let mut answer = Self {
            client,
            columns: Arc::default(),
            notices: Notices::default(),
            has_rows: false,
            read_ahead: None,
            is_complete: false,
        };
        answer.read_head().await?;
        Ok(answer)
    }

    /// The columns of the current result; empty for an answer without a result set, and once the end of the rows has
    /// been read.
    #[must_use]
    pub fn columns(&self) -> &[ColumnMetaData] {
        &self.columns
    }

    /// What the notices of the answer say that were read so far: affected rows, generated ids, warnings. The server
    /// sends them behind the rows of the last result.
    #[must_use]
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Reads the next row of the current result; `None` at its end.
    ///
    /// # Errors
    /// If the server ends the result by an error, a row can't be decoded, or the connection fails.
    pub async fn row(&mut self) -> Result<Option<Row>, Error> {
        if !self.has_rows {
            return Ok(None);
        }
        let message = match self.read_ahead.take() {
            Some(message) => message,
            None => self.message().await?,
        };
        let is_last_result = match message {
            ServerMessage::Row(row) => {
                return Row::new(row.field, Arc::clone(&self.columns)).map(Some);
            }
            ServerMessage::FetchDone(_) | ServerMessage::FetchSuspended(_) => true,
            ServerMessage::FetchDoneMoreResultsets(_)
            | ServerMessage::FetchDoneMoreOutParams(_) => false,
            other => return Err(Error::unexpected(&other, "Mysqlx.Resultset.Row")),
        };
        self.has_rows = false;
        self.columns = Arc::default();
        if is_last_result {
            self.read_head().await?;
        }
        Ok(None)
    }

    /// Reads all remaining rows of the current result.
    ///
    /// # Errors
    /// As [`row`](Self::row).
    pub async fn rows(&mut self) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.row().await? {
            rows.push(row);
        }
        Ok(rows)
    }

    /// Reads to the end of the current result, and to the first row of the next one, which has no columns and no rows
    /// if it is the end of a procedure. Returns `false` if there is no further result.
    ///
    /// # Errors
    /// As [`row`](Self::row).
    pub async fn next_result(&mut self) -> Result<bool, Error> {
        while self.row().await?.is_some() {}
        if !self.is_complete {
            self.read_head().await?;
        }
        Ok(self.has_rows)
    }

    /// Reads columns, up to the first message behind them, or the end of the answer.
    async fn read_head(&mut self) -> Result<(), Error> {
        let mut columns = Vec::new();
        loop {
            match self.message().await? {
                ServerMessage::ColumnMetaData(column) => columns.push(column),
                // The latter is the answer to messages about views.
                ServerMessage::StmtExecuteOk(_) | ServerMessage::Ok(_) => {
                    self.is_complete = true;
                    return Ok(());
                }
                other => {
                    self.columns = columns.into();
                    self.has_rows = true;
                    self.read_ahead = Some(other);
                    return Ok(());
                }
            }
        }
    }

    /// The next message that is neither a notice nor an error.
    async fn message(&mut self) -> Result<ServerMessage, Error> {
        loop {
            match self.client.next().await? {
                Some(ServerMessage::Notice(notice)) => self.notices.add(notice)?,
                Some(ServerMessage::Error(error)) => {
                    self.has_rows = false;
                    self.is_complete = true;
                    return Err(Error::X(error));
                }
                Some(message) => return Ok(message),
                None => return Err(Error::Closed),
            }
        }
    }
}
