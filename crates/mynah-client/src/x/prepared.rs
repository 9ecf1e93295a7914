use bytes::Bytes;
use mynah_x::prepare::{Deallocate, Execute, OneOfMessage, OneOfMessageType, Prepare};
use mynah_x::sql::StmtExecute;

use super::{Answer, Client, argument};
use crate::{Error, Value};

/// A statement that the server has prepared, from Prepare.Prepare to Prepare.Deallocate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The statement's id, which the client chose, unique on its connection.
    pub id: u32,
}

impl Client {
    /// Sends a statement to be prepared (Prepare.Prepare), and reads the answer.
    ///
    /// # Errors
    /// If the server answers with an error or breaks the protocol, or the connection fails.
    pub async fn prepare(&mut self, text: impl Into<Bytes>) -> Result<Prepared, Error> {
        let id = self.next_statement_id;
        self.next_statement_id = id.wrapping_add(1);
        let statement = StmtExecute {
            stmt: text.into(),
            ..StmtExecute::default()
        };
        let stmt = OneOfMessage {
            r#type: OneOfMessageType::Stmt.into(),
            stmt_execute: Some(Box::new(statement)),
            ..OneOfMessage::default()
        };
        self.run(Prepare { stmt_id: id, stmt }).await?;
        Ok(Prepared { id })
    }

    /// Executes a prepared statement with these values (Prepare.Execute), without a cursor. Values are sent as by
    /// [`query_with`](Self::query_with).
    ///
    /// # Errors
    /// If there are fewer values than placeholders, the server answers with another error, or the connection fails.
    pub async fn execute(
        &mut self,
        prepared: &Prepared,
        params: &[Value<'_>],
    ) -> Result<Answer<'_>, Error> {
        let execute = Execute {
            stmt_id: prepared.id,
            args: argument::arguments(params),
            compact_metadata: None,
        };
        self.answer(execute).await
    }

    /// Frees a prepared statement (Prepare.Deallocate).
    ///
    /// # Errors
    /// If the server doesn't know the statement, or the connection fails.
    pub async fn close_statement(&mut self, prepared: Prepared) -> Result<(), Error> {
        let stmt_id = prepared.id;
        self.run(Deallocate { stmt_id }).await
    }
}
