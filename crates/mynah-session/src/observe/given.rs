//! Reads the values that executions of prepared statements have.

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{
    BulkValue, ComStmtBulkExecute, ComStmtExecute, CommandCode, Parameter, ParameterType,
    ParameterTypes,
};
use mynah_wire::{DecodeError, Message as _};

use super::statements::lock;
use super::{Executed, Statement};

/// The values that an execution of a prepared statement has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The values of the placeholders, in order; empty for COM_STMT_BULK_EXECUTE.
    pub parameters: Vec<Parameter>,
    /// The query attributes, each with its name.
    pub attributes: Vec<Parameter>,
    /// The values of each row, for COM_STMT_BULK_EXECUTE; empty for other executions.
    pub rows: Vec<Vec<(ParameterType, BulkValue)>>,
    /// How much of the execution's message isn't in the other fields; all 0 if they have everything.
    pub left_out: LeftOut,
}

/// How much of an execution isn't in [`Given`], because only the beginning of its message was kept, or because a bulk
/// execution has too many values. All is 0 if nothing is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many parameters of the execution are missing, of placeholders and query attributes together.
    pub parameters: u64,
    /// The number of rows that are in the kept part of the message but not in [`Given::rows`].
    pub rows: u64,
    /// The number of bytes of the message that were cut off.
    pub bytes: u64,
}

/// What an execution gives, and the types of the next one if that has none of its own.
type Read = (Given, Option<ParameterTypes>);

impl Executed {
    /// Reads the values of an execution from its message, `len` bytes long before it was cut off. Call it
    /// once for each execution of the statement, in the order in which they were sent: an execution may leave
    /// out its parameter types, which are then those of the one before.
    ///
    /// # Errors
    /// When the bytes aren't parameters. Before the server has answered COM_STMT_PREPARE, the statement counts as
    /// one without parameters.
    pub fn given(
        &self,
        payload: &Bytes,
        len: u64,
        shared: Capabilities,
    ) -> Result<Given, DecodeError> {
        let (given, types) = self.read(payload, len, shared)?;
        lock(&self.statement).types = types;
        Ok(given)
    }

    /// Reads the values like [`given`](Self::given), but doesn't remember their types. It can be called at any
    /// time and any number of times.
    ///
    /// # Errors
    /// As [`given`](Self::given); also when the parameter types are in an earlier execution for which `given`
    /// wasn't called.
    pub fn peek(
        &self,
        payload: &Bytes,
        len: u64,
        shared: Capabilities,
    ) -> Result<Given, DecodeError> {
        Ok(self.read(payload, len, shared)?.0)
    }

    /// Whether an execution by COM_STMT_EXECUTE can be read without an earlier one: it has the types of its parameters
    /// with it, or has no parameters.
    ///
    /// # Errors
    /// When the bytes aren't parameters.
    pub fn has_types(&self, payload: &Bytes, shared: Capabilities) -> Result<bool, DecodeError> {
        let num_params = num_params(&lock(&self.statement));
        let (execute, _) = ComStmtExecute::from_payload_lenient(payload, ())?;
        let (parameters, _) = execute.read_parameters_lenient(shared, num_params)?;
        Ok(num_params == 0 || parameters.types().is_some())
    }

    fn read(&self, payload: &Bytes, len: u64, shared: Capabilities) -> Result<Read, DecodeError> {
        let statement = lock(&self.statement);
        let bytes = len.saturating_sub(payload.len() as u64);
        let read = match payload.first().copied().map(CommandCode) {
            Some(CommandCode::STMT_BULK_EXECUTE) => rows(&statement, payload, bytes > 0),
            _ => self.parameters(&statement, payload, shared, bytes > 0),
        };
        match read {
            Ok((mut given, types)) => {
                given.left_out.bytes = bytes;
                Ok((given, types))
            }
            Err(_) if bytes > 0 => {
                let given = Given {
                    left_out: LeftOut {
                        parameters: num_params(&statement).into(),
                        rows: 0,
                        bytes,
                    },
                    ..Given::default()
                };
                Ok((given, statement.types.clone()))
            }
            Err(error) => Err(error),
        }
    }

    fn parameters(
        &self,
        statement: &Statement,
        payload: &Bytes,
        shared: Capabilities,
        is_cut: bool,
    ) -> Result<Read, DecodeError> {
        let num_params = num_params(statement);
        let (execute, _) = ComStmtExecute::from_payload_lenient(payload, ())?;
        let (parameters, _) = execute.read_parameters_lenient(shared, num_params)?;
        let types = parameters.types().or(statement.types.as_ref()).cloned();
        let is_long = |index| u16::try_from(index).is_ok_and(|i| self.long_data.contains(&i));
        let mut all = match is_cut {
            true => {
                let whole = parameters.iter_with(types.as_ref(), is_long);
                whole.map_while(Result::ok).collect()
            }
            false => parameters.read_lenient(types.as_ref(), is_long)?.0,
        };
        let missing = parameters.len().saturating_sub(all.len() as u64);
        let attributes = match statement.prepared {
            Some(_) => all.split_off(usize::from(num_params).min(all.len())),
            None => Vec::new(),
        };
        let given = Given {
            parameters: all,
            attributes,
            left_out: LeftOut {
                parameters: missing,
                ..LeftOut::default()
            },
            ..Given::default()
        };
        Ok((given, types))
    }
}

fn num_params(statement: &Statement) -> u16 {
    statement.prepared.map_or(0, |ok| ok.num_params)
}

fn rows(statement: &Statement, payload: &Bytes, is_cut: bool) -> Result<Read, DecodeError> {
    let (execute, _) = ComStmtBulkExecute::from_payload_lenient(payload, ())?;
    let values = execute.read_parameters(num_params(statement))?;
    let types = values.types().or(statement.types.as_ref()).cloned();
    let width = types.as_ref().map_or(0, ParameterTypes::len).max(1);
    let (mut rows, mut row, mut count) = (Vec::new(), Vec::new(), 0_u64);
    for value in values.iter(types.as_ref()) {
        let value = match value {
            Ok(value) => value,
            Err(_) if is_cut => break,
            Err(error) => return Err(error),
        };
        count += 1;
        if count > MOST_VALUES {
            continue;
        }
        row.push(value);
        if row.len() as u64 == width {
            rows.push(std::mem::take(&mut row));
        }
    }
    let given = Given {
        left_out: LeftOut {
            rows: (count / width).saturating_sub(rows.len() as u64),
            ..LeftOut::default()
        },
        rows,
        ..Given::default()
    };
    Ok((given, types))
}

/// How many values of a bulk execution are read: each takes more room than its bytes.
const MOST_VALUES: u64 = 100_000;
