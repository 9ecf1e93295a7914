//! MariaDB's executions of a statement with many rows of parameters.

use mynah_classic::command::{BulkFlags, BulkParameters, ComStmtBulkExecute, ParameterTypes};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType};

use super::answer::Purpose;
use super::command_phase::LoggedIn;
use super::machine::{Action, Server, State};
use super::statements::{malformed, wrong_arguments};
use crate::{
    Completion, Failure, Outcome, Param, Reply, ResultSet, RowsBuilder, SessionError, Statement,
};

/// A bulk execution, of which some rows are answered.
#[derive(Debug)]
pub(super) struct Bulk {
    statement: Statement,
    parameters: BulkParameters,
    types: Option<ParameterTypes>,
    done: Completion,
    count: u64,
    /// An id and a number for each row, if the client wants them.
    units: Option<RowsBuilder>,
    /// Rows of what each returned, and their columns.
    returned: Option<(ResultSet, RowsBuilder)>,
}

impl Server {
    pub(super) fn bulk_execute(
        &mut self,
        mut state: LoggedIn,
        command: &ComStmtBulkExecute,
    ) -> Result<State, SessionError> {
        let wants_units = command.flags.contains(BulkFlags::SEND_UNIT_RESULTS)
            && state
                .shared
                .contains(Capabilities::MARIADB_BULK_UNIT_RESULTS);
        let session = state.session.clone();
        let bulk = match state.statements().get(command.statement_id) {
            Ok((id, statement)) => statement
                .read_bulk(command)
                .map(|(parameters, types)| Bulk {
                    statement: Statement {
                        statement_id: Some(id),
                        state: session,
                        ..Statement::new(crate::StatementCommand::Execute, statement.text.clone())
                    },
                    parameters,
                    types,
                    done: Completion::default(),
                    count: 0,
                    units: wants_units.then(RowsBuilder::default),
                    returned: None,
                }),
            Err(failure) => Err(failure),
        };
        match bulk {
            Ok(bulk) => self.next_bulk(state, Box::new(bulk)),
            Err(failure) => {
                self.exchange.send_failure(failure, state.shared)?;
                Ok(self.expect_command(state))
            }
        }
    }

    /// Asks for the next row's answer, or sends what all came to.
    fn next_bulk(&mut self, state: LoggedIn, mut bulk: Box<Bulk>) -> Result<State, SessionError> {
        match bulk.next_params() {
            Some(Ok(params)) => {
                let statement = Statement {
                    params,
                    state: state.session.clone(),
                    ..bulk.statement.clone()
                };
                self.actions.push_back(Action::AskReply(statement));
                Ok(State::ExpectReply(state, Purpose::Bulk(bulk).into()))
            }
            Some(Err(failure)) => self.end_bulk(state, &bulk, Outcome::Error(failure)),
            None => {
                let outcome = bulk.outcome();
                self.end_bulk(state, &bulk, outcome)
            }
        }
    }

    pub(super) fn bulk_reply(
        &mut self,
        mut state: LoggedIn,
        mut bulk: Box<Bulk>,
        reply: Reply,
    ) -> Result<State, SessionError> {
        self.take_over(&mut state, &reply.outcome);
        for outcome in &reply.more {
            self.drop_outcome(outcome);
        }
        match reply.outcome {
            Outcome::Ok(completion) => bulk.add(&completion),
            Outcome::Rows(result) if result.rows.source().is_none() => bulk.add_rows(result),
            Outcome::Error(failure) => return self.end_bulk(state, &bulk, Outcome::Error(failure)),
            outcome => {
                self.drop_outcome(&outcome);
                let failure = wrong_arguments("mysqld_stmt_bulk_execute");
                return self.end_bulk(state, &bulk, Outcome::Error(failure));
            }
        }
        self.next_bulk(state, bulk)
    }

    fn end_bulk(
        &mut self,
        state: LoggedIn,
        bulk: &Bulk,
        outcome: Outcome,
    ) -> Result<State, SessionError> {
        let purpose = Purpose::Execute {
            statement_id: bulk.statement.statement_id.unwrap_or(0),
            cursor: false,
        };
        self.reply(state, purpose.into(), outcome.into())
    }
}

impl Bulk {
    fn next_params(&mut self) -> Option<Result<Vec<Param>, Failure>> {
        let row = self.parameters.next_row(self.types.as_ref())?;
        let params = row.and_then(|row| {
            let params = row.into_iter();
            params
                .map(|(parameter_type, value)| Param::received_in_bulk(parameter_type, value))
                .collect()
        });
        Some(params.map_err(|error| malformed(&error)))
    }

    fn add(&mut self, completion: &Completion) {
        self.count += 1;
        let done = &mut self.done;
        done.affected_rows = done.affected_rows.saturating_add(completion.affected_rows);
        done.warning_count = done.warning_count.saturating_add(completion.warning_count);
        done.status_flags = completion.status_flags;
        if done.last_insert_id == 0 {
            done.last_insert_id = completion.last_insert_id;
        }
        if !completion.session_state_changes.is_empty() {
            done.session_state_changes = completion.session_state_changes.clone();
        }
        if let Some(units) = &mut self.units {
            units.cell(Some(completion.last_insert_id.to_string().as_bytes()));
            units.cell(Some(completion.affected_rows.to_string().as_bytes()));
            units.end_row();
        }
    }

    fn add_rows(&mut self, result: ResultSet) {
        self.add(&result.end);
        let rows = result.rows.clone();
        let (_, builder) = self
            .returned
            .get_or_insert_with(|| (result, RowsBuilder::default()));
        for row in (0..rows.len()).map_while(|index| rows.get(index)) {
            for cell in row.cells().flatten() {
                builder.cell(cell);
            }
            builder.end_row();
        }
    }

    fn outcome(&mut self) -> Outcome {
        let mut done = self.done.clone();
        if let Some((result, rows)) = self.returned.take() {
            return Outcome::Rows(ResultSet {
                rows: rows.finish(),
                end: done,
                ..result
            });
        }
        if let Some(units) = self.units.take() {
            return Outcome::Rows(ResultSet {
                columns: [unit_column("Id"), unit_column("Affected_rows")].into(),
                rows: units.finish(),
                end: done,
                is_out_parameters: false,
            });
        }
        let (count, warnings) = (self.count, done.warning_count);
        done.message = format!("Records: {count}  Duplicates: 0  Warnings: {warnings}").into();
        Outcome::Ok(done)
    }
}

fn unit_column(name: &str) -> ColumnDefinition41 {
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: 63,
        column_length: 21,
        column_type: ColumnType::LONGLONG,
        flags: ColumnFlags::NOT_NULL | ColumnFlags::BINARY,
        ..ColumnDefinition41::default()
    }
}
