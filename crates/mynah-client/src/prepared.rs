use bytes::{Bytes, BytesMut};
use mynah_classic::ColumnType;
use mynah_classic::command::{
    ComStmtClose, ComStmtExecute, ComStmtPrepare, Command, CursorFlags, Parameter, ParameterFlags,
    ParameterType, ParameterValue, Parameters,
};
use mynah_classic::response::StmtPrepareOk;
use mynah_classic::value::{Value, ValueType};
use mynah_session::classic::Part;
use mynah_wire::Message;

use crate::{Answer, Client, ColumnDefinition41, Error};

/// A statement that the server has prepared, from COM_STMT_PREPARE to COM_STMT_CLOSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The statement's id, which is unique on its connection.
    pub id: u32,
    /// The number of placeholders in the statement.
    pub params: u16,
    /// The number of columns of the statement's result; 0 if it has none, or the server doesn't know them yet.
    pub columns: u16,
}

impl Client {
    /// Sends a statement to be prepared (COM_STMT_PREPARE), and reads the answer.
    ///
    /// # Errors
    /// If the server answers with an error or breaks the protocol, or the connection fails.
    pub async fn prepare(&mut self, text: impl Into<Bytes>) -> Result<Prepared, Error> {
        let query = text.into();
        self.send(Command::StmtPrepare(ComStmtPrepare { query }))
            .await?;
        let (mut prepared, mut failure) = (None, None);
        let mut columns = Vec::new();
        while let Some((part, payload)) = self.next().await? {
            match part {
                Part::Prepared => {
                    prepared = Some(StmtPrepareOk::from_payload(&payload, self.shared)?)
                }
                Part::ColumnDefinition => {
                    let column = ColumnDefinition41::from_payload(&payload, self.shared)?;
                    columns.push(column);
                }
                Part::Err => failure = Some(self.error(&payload)?),
                _ => {}
            }
        }
        match (failure, prepared) {
            (Some(failure), _) => Err(failure),
            (None, Some(ok)) => {
                self.kept_columns.keep(Some(ok.statement_id), &columns);
                Ok(Prepared {
                    id: ok.statement_id,
                    params: ok.num_params,
                    columns: ok.num_columns,
                })
            }
            (None, None) => Err(Error::Closed),
        }
    }

    /// Executes a prepared statement with these values, without a cursor.
    ///
    /// # Errors
    /// If a value can't be encoded, the number of values isn't that of the placeholders, the server answers with an
    /// error, or the connection fails.
    pub async fn execute(
        &mut self,
        prepared: &Prepared,
        params: &[Value<'_>],
    ) -> Result<Answer<'_>, Error> {
        let parameters: Vec<_> = params.iter().map(parameter).collect::<Result<_, Error>>()?;
        let execute = ComStmtExecute::new(
            prepared.id,
            CursorFlags::empty(),
            &Parameters::new(&parameters),
            self.shared,
            prepared.params,
        )?;
        self.send(Command::StmtExecute(execute)).await?;
        Answer::begin(self, Some(prepared.id)).await
    }

    /// Closes a prepared statement. The server sends no answer to this command.
    ///
    /// # Errors
    /// If the connection fails.
    pub async fn close_statement(&mut self, prepared: Prepared) -> Result<(), Error> {
        let statement_id = prepared.id;
        self.kept_columns.forget(statement_id);
        self.send(Command::StmtClose(ComStmtClose { statement_id }))
            .await
    }
}

/// A value as a parameter of the type that fits it.
fn parameter(value: &Value<'_>) -> Result<Parameter, Error> {
    let (column_type, flags) = match value {
        Value::Null => (ColumnType::NULL, ParameterFlags::empty()),
        Value::Int(_) => (ColumnType::LONGLONG, ParameterFlags::empty()),
        Value::UInt(_) => (ColumnType::LONGLONG, ParameterFlags::UNSIGNED),
        Value::Float(_) => (ColumnType::FLOAT, ParameterFlags::empty()),
        Value::Double(_) => (ColumnType::DOUBLE, ParameterFlags::empty()),
        Value::Date(_) => (ColumnType::DATE, ParameterFlags::empty()),
        Value::DateTime(_) => (ColumnType::DATETIME, ParameterFlags::empty()),
        Value::Time(_) => (ColumnType::TIME, ParameterFlags::empty()),
        _ => (ColumnType::VAR_STRING, ParameterFlags::empty()),
    };
    let parameter_type = ParameterType {
        column_type,
        flags,
        name: Bytes::new(),
    };
    let value = match value {
        Value::Null => ParameterValue::Null,
        value => {
            let mut binary = BytesMut::new();
            value.put_binary(&mut binary, ValueType::from(&parameter_type))?;
            ParameterValue::Value(binary.freeze())
        }
    };
    Ok(Parameter {
        parameter_type,
        value,
    })
}
