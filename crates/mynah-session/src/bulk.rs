use mynah_classic::command::{BulkParameters, ParameterTypes};
use mynah_classic::error_code;

use crate::{Failure, Param, Statement};

/// An execution of a prepared statement with many rows of parameters: COM_STMT_BULK_EXECUTE, which clients of MariaDB
/// send.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkExecution {
    /// The prepared statement, without parameters.
    pub statement: Statement,
    /// Whether the client wants to know what each row of parameters came to: then it expects rows with the columns `Id`
    /// (the generated id) and `Affected_rows`, one for each row of parameters, in place of an OK.
    pub wants_unit_results: bool,
    parameters: BulkParameters,
    types: Option<ParameterTypes>,
}

impl BulkExecution {
    pub(crate) fn new(
        statement: Statement,
        (parameters, types): (BulkParameters, Option<ParameterTypes>),
        wants_unit_results: bool,
    ) -> Self {
        Self {
            statement,
            wants_unit_results,
            parameters,
            types,
        }
    }

    /// The rows of parameters, each of which is read from the client's message when it is asked for. An error is the
    /// last one.
    pub fn rows(&self) -> impl Iterator<Item = Result<Vec<Param>, Failure>> + use<> {
        let mut rest = self.clone();
        std::iter::from_fn(move || rest.next_row())
    }

    /// The next row of parameters, which is then no longer there.
    pub(crate) fn next_row(&mut self) -> Option<Result<Vec<Param>, Failure>> {
        let row = self.parameters.next_row(self.types.as_ref())?;
        let params = row.and_then(|row| {
            let params = row.into_iter();
            params
                .map(|(parameter_type, value)| Param::received_in_bulk(parameter_type, value))
                .collect()
        });
        Some(params.map_err(|error| {
            let message = format!("Malformed communication packet: {error}");
            Failure::general(error_code::ER_MALFORMED_PACKET, message)
        }))
    }
}
