//! Prepared statements: COM_STMT_PREPARE and the others of its family.

use bytes::Bytes;
use mynah_classic::command::{
    ComStmtExecute, ComStmtFetch, ComStmtPrepare, ComStmtReset, CursorFlags,
};
use mynah_classic::response::{EofPacket, StmtPrepareOk};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, MetadataFollows, NameParts};
use mynah_classic::{Capabilities, ColumnType};
use mynah_wire::EncodeError;

use super::answer::Purpose;
use super::command_phase::LoggedIn;
use super::machine::{Action, Server, State};
use super::statements::Statements;
use crate::{
    Completion, Failure, Prepared, SessionError, Statement, StatementCommand, placeholders,
};

impl LoggedIn {
    /// The prepared statements, which few sessions have.
    pub(super) fn statements(&mut self) -> &mut Statements {
        self.statements.get_or_insert_default()
    }

    /// A statement of this session.
    pub(super) fn statement(&self, command: StatementCommand, text: Bytes) -> Statement {
        Statement {
            state: self.session.clone(),
            ..Statement::new(command, text)
        }
    }
}

impl Server {
    pub(super) fn prepare(&mut self, state: LoggedIn, command: ComStmtPrepare) -> State {
        let text = command.query;
        let statement = state.statement(StatementCommand::Prepare, text.clone());
        self.actions.push_back(Action::AskPrepared(statement));
        State::ExpectPrepared(state, text)
    }

    pub(super) fn prepared(
        &mut self,
        mut state: LoggedIn,
        text: &Bytes,
        prepared: Result<Prepared, Failure>,
    ) -> Result<State, SessionError> {
        let limit = self.options.max_allowed_packet;
        let dialect = state.dialect;
        let added = prepared.and_then(|prepared| {
            let num_params = match prepared.params {
                Some(params) => params,
                None => u16::try_from(placeholders::count(text, dialect))
                    .map_err(|_| Failure::general(1390, TOO_MANY))?,
            };
            let id = state.statements().add(text, num_params, limit)?;
            Ok((id, num_params, prepared))
        });
        match added {
            Ok((id, num_params, prepared)) => {
                if state.shared.contains(Capabilities::MARIADB_CACHE_METADATA) {
                    let told = prepared.columns.as_ref();
                    let columns = told.filter(|all| u16::try_from(all.len()).is_ok());
                    state.statements().tell_columns(id, columns);
                }
                state.session.warning_count = prepared.warning_count;
                self.send_prepared(&state, id, num_params, &prepared)?;
            }
            Err(failure) => {
                state.statements().forget_last();
                state.session.warning_count = 1;
                self.exchange.send_failure(failure, state.shared)?;
            }
        }
        Ok(self.expect_command(state))
    }

    fn send_prepared(
        &mut self,
        state: &LoggedIn,
        statement_id: u32,
        num_params: u16,
        prepared: &Prepared,
    ) -> Result<(), EncodeError> {
        let columns = prepared.columns.as_deref().unwrap_or_default();
        let columns = columns.get(..usize::from(u16::MAX)).unwrap_or(columns);
        let (metadata_follows, shared) = (state.metadata(), state.shared);
        let ok = StmtPrepareOk {
            statement_id,
            num_columns: u16::try_from(columns.len()).unwrap_or(u16::MAX),
            num_params,
            warning_count: prepared.warning_count,
            metadata_follows,
        };
        self.exchange.send(&ok, shared)?;
        if metadata_follows == MetadataFollows::NONE {
            return Ok(());
        }
        if num_params > 0 {
            let parameter = parameter();
            for _ in 0..num_params {
                self.exchange.send(&parameter, shared)?;
            }
            self.end_definitions(state)?;
        }
        if !columns.is_empty() {
            for column in columns {
                self.exchange.send(column, shared)?;
            }
            self.end_definitions(state)?;
        }
        Ok(())
    }

    fn end_definitions(&mut self, state: &LoggedIn) -> Result<(), EncodeError> {
        if state.shared.contains(Capabilities::DEPRECATE_EOF) {
            return Ok(());
        }
        let end = EofPacket {
            status_flags: state.session.flags(),
            ..EofPacket::default()
        };
        self.exchange.send(&end, state.shared)
    }

    pub(super) fn execute(
        &mut self,
        mut state: LoggedIn,
        command: &ComStmtExecute,
    ) -> Result<State, SessionError> {
        let shared = state.shared;
        let found = state.statements().get(command.statement_id);
        let read = found.map(|(id, statement)| {
            let read = statement.read(command, shared);
            let cursor = statement.cursor.take();
            (id, statement.text.clone(), cursor, read)
        });
        let failure = match read {
            Err(failure) => failure,
            Ok((id, text, cursor, read)) => {
                self.drop_rows(cursor.and_then(|cursor| cursor.source()));
                state.statements().reset(id);
                match read {
                    Ok((params, attributes)) => {
                        let statement = Statement {
                            params,
                            attributes,
                            statement_id: Some(id),
                            ..state.statement(StatementCommand::Execute, text)
                        };
                        self.actions.push_back(Action::AskReply(statement));
                        let purpose = Purpose::Execute {
                            statement_id: id,
                            cursor: command.flags.contains(CursorFlags::READ_ONLY),
                        };
                        return Ok(State::ExpectReply(state, purpose.into()));
                    }
                    Err(failure) => failure,
                }
            }
        };
        self.exchange.send_failure(failure, shared)?;
        Ok(self.expect_command(state))
    }

    pub(super) fn stmt_reset(
        &mut self,
        mut state: LoggedIn,
        command: ComStmtReset,
    ) -> Result<State, SessionError> {
        let found = state.statements().get(command.statement_id);
        match found.map(|(id, statement)| (id, statement.cursor.take())) {
            Ok((id, cursor)) => {
                self.drop_rows(cursor.and_then(|cursor| cursor.source()));
                state.statements().reset(id);
                state.session.warning_count = 0;
                self.send_ok(&state, &Completion::default())?;
            }
            Err(failure) => self.exchange.send_failure(failure, state.shared)?,
        }
        Ok(self.expect_command(state))
    }

    pub(super) fn stmt_close(&mut self, state: &mut LoggedIn, statement_id: u32) {
        let Some(statements) = &mut state.statements else {
            return;
        };
        let cursor = statements
            .remove(statement_id)
            .and_then(|statement| statement.cursor);
        self.drop_rows(cursor.and_then(|cursor| cursor.source()));
    }

    pub(super) fn stmt_fetch(
        &mut self,
        mut state: LoggedIn,
        command: ComStmtFetch,
    ) -> Result<State, SessionError> {
        let found = state.statements().get(command.statement_id);
        let failure = match found.map(|(id, statement)| (id, statement.cursor.take())) {
            Ok((id, Some(cursor))) => return self.fetch(state, id, cursor, command.num_rows),
            Ok((id, None)) => {
                Failure::general(1421, format!("The statement ({id}) has no open cursor."))
            }
            Err(failure) => failure,
        };
        self.exchange.send_failure(failure, state.shared)?;
        Ok(self.expect_command(state))
    }

    /// Forgets every prepared statement.
    pub(super) fn drop_statements(&mut self, state: &mut LoggedIn) {
        let Some(statements) = state.statements.take() else {
            return;
        };
        for cursor in statements.into_cursors() {
            self.drop_rows(cursor.source());
        }
    }
}

/// What is said of a parameter, of which nothing is known.
fn parameter() -> ColumnDefinition41 {
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: b"?",
            ..NameParts::default()
        }),
        character_set: 255,
        column_length: 65_532,
        column_type: ColumnType::VAR_STRING,
        decimals: 0x1f,
        ..ColumnDefinition41::default()
    }
}

const TOO_MANY: &str = "Prepared statement contains too many placeholders";
