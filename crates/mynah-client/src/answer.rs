use bytes::Bytes;
use mynah_classic::response::OkPacket;
use mynah_session::classic::Part;
use mynah_wire::Message;

use crate::{Client, ColumnDefinition41, Error, Row};

/// The answer to a statement, as it is read: columns, rows, and what the server says at the end.
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

    /// The columns of this result; empty for one without rows.
    #[must_use]
    pub fn columns(&self) -> &[ColumnDefinition41] {
        &self.columns
    }

    /// What the server says of a result without rows, or at the end of rows: affected rows, warnings. `None` before the
    /// end, and for a server that ends rows by EOF.
    #[must_use]
    pub fn ok(&self) -> Option<&OkPacket> {
        self.ok.as_ref()
    }

    /// The next row of this result; `None` at its end.
    ///
    /// # Errors
    /// When the server ends the result by an error, or the connection fails.
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

    /// All further rows of this result.
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

    /// Goes to the next result, if there is one; what is left of this one is read.
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
