use bytes::Bytes;
use mynah_classic::response::OkPacket;
use mynah_classic::resultset::{ColumnCount, MetadataFollows};
use mynah_session::classic::Part;
use mynah_wire::Message;

use crate::{Client, ColumnDefinition41, Error, Row};

/// The answer to a statement, read step by step: the columns of a result, its rows, and the OK or EOF packet at its
/// end.
#[derive(Debug)]
pub struct Answer<'a> {
    client: &'a mut Client,
    columns: Vec<ColumnDefinition41>,
    /// The id of the prepared statement that was executed; `None` for a text.
    statement_id: Option<u32>,
    /// Whether the end of the current result's rows hasn't been read. The columns don't say so: servers can leave out
    /// their definitions.
    has_rows: bool,
    ok: Option<OkPacket>,
    /// The message behind the columns.
    read_ahead: Option<(Part, Bytes)>,
}

impl<'a> Answer<'a> {
    /// Reads up to the first row, or the end of an answer without rows.
    pub(crate) async fn begin(
        client: &'a mut Client,
        statement_id: Option<u32>,
    ) -> Result<Self, Error> {
        let mut answer = Self {
            client,
            columns: Vec::new(),
            statement_id,
            has_rows: false,
            ok: None,
            read_ahead: None,
        };
        answer.read_head().await?;
        Ok(answer)
    }

    /// The column definitions of the current result; empty for an OK without a result set, once the end of the
    /// rows has been read, and if the server leaves out the definitions because of `resultset_metadata=NONE`. With
    /// MARIADB_CACHE_METADATA, the definitions are those that the server sent last for the prepared statement.
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
            None if !self.has_rows => return Ok(None),
            None => self.client.next().await?,
        };
        let Some((part, payload)) = message else {
            return Ok(None);
        };
        match part {
            Part::TextRow => Row::text_row(&payload).map(Some),
            Part::BinaryRow if self.columns.is_empty() => Err(Error::NoColumns),
            Part::BinaryRow => Row::binary_row(&payload, &self.columns).map(Some),
            Part::Err => Err(self.client.error(&payload)?),
            _ => {
                self.has_rows = false;
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
        let mut are_sent = false;
        while let Some((part, payload)) = self.client.next().await? {
            is_result = true;
            match part {
                Part::ColumnsEnd | Part::Progress | Part::LocalInfile => {}
                Part::ColumnCount => {
                    let count = ColumnCount::from_payload(&payload, self.client.shared)?;
                    are_sent = count.metadata_follows != MetadataFollows::NONE;
                    if !are_sent {
                        let kept = self.client.kept_columns.get(self.statement_id);
                        self.columns.extend_from_slice(kept);
                    }
                }
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
                    self.has_rows = true;
                    self.read_ahead = Some((part, payload));
                    break;
                }
            }
        }
        if are_sent {
            let kept = &mut self.client.kept_columns;
            kept.keep(self.statement_id, &self.columns);
        }
        Ok(is_result)
    }
}
