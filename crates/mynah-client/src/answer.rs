use bytes::Bytes;
use mynah_classic::response::OkPacket;
use mynah_session::classic::Part;
use mynah_wire::Message;

use crate::{Client, ColumnDefinition41, Error, Row};

/// The answer to a statement, read step by step: the columns of a result, its rows, and the OK or EOF packet at its
/// end.
#[derive(Debug)]
pub struct Answer<'a> {
    client: &'a mut Client,
    columns: Vec<ColumnDefinition41>,
    is_binary: bool,
    ok: Option<OkPacket>,
    /// The message behind the columns.
    read_ahead: Option<(Part, Bytes)>,
}

impl<'a> Answer<'a> {
    /// Reads up to the first row, or the end of an answer without rows.
    pub(crate) async fn begin(client: &'a mut Client, is_binary: bool) -> Result<Self, Error> {
        let mut answer = Self {
            client,
            columns: Vec::new(),
            is_binary,
            ok: None,
            read_ahead: None,
        };
        answer.read_head().await?;
        Ok(answer)
    }

    /// The column definitions of the current result; empty for an OK without a result set, and once the end of the
    /// rows has been read.
    #[must_use]
    pub fn columns(&self) -> &[ColumnDefinition41] {
        &self.columns
    }

    /// The OK packet of a result: affected rows, warnings, status flags. `None` before the end of the rows, and if
    /// the server ends rows by an EOF packet.
    #[must_use]
    pub fn ok(&self) -> Option<&OkPacket> {
        self.ok.as_ref()
    }

    /// Reads the next row of the current result; `None` at its end.
    ///
    /// # Errors
    /// If the server ends the result by an error, a row can't be decoded, or the connection fails.
    pub async fn row(&mut self) -> Result<Option<Row>, Error> {
        let message = match self.read_ahead.take() {
            Some(message) => Some(message),
            None if self.columns.is_empty() => return Ok(None),
            None => self.client.next().await?,
        };
        let Some((part, payload)) = message else {
            return Ok(None);
        };
        match part {
            Part::TextRow => Row::text_row(&payload).map(Some),
            Part::BinaryRow if self.is_binary => Row::binary_row(&payload, &self.columns).map(Some),
            Part::Err => Err(self.client.error(&payload)?),
            _ => {
                self.ok = OkPacket::from_payload(&payload, self.client.shared).ok();
                self.columns.clear();
                Ok(None)
            }
        }
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

    /// Reads to the end of the current result, and to the first row of the next one or, if it has none, to its end.
    /// Returns `false` if there is no further result.
    ///
    /// # Errors
    /// As [`row`](Self::row).
    pub async fn next_result(&mut self) -> Result<bool, Error> {
        while self.row().await?.is_some() {}
        self.ok = None;
        self.read_head().await
    }

    /// Reads columns, up to the first message behind them. Returns whether there is a result.
    async fn read_head(&mut self) -> Result<bool, Error> {
        let mut is_result = false;
        while let Some((part, payload)) = self.client.next().await? {
            is_result = true;
            match part {
                Part::ColumnCount | Part::ColumnsEnd | Part::Progress | Part::LocalInfile => {}
                Part::ColumnDefinition => {
                    let shared = self.client.shared;
                    let column = ColumnDefinition41::from_payload(&payload, shared)?;
                    self.columns.push(column);
                }
                Part::Err => return Err(self.client.error(&payload)?),
                Part::Ok => {
                    self.ok = Some(OkPacket::from_payload(&payload, self.client.shared)?);
                    break;
                }
                part => {
                    self.read_ahead = Some((part, payload));
                    break;
                }
            }
        }
        Ok(is_result)
    }
}
