//! Commands about the server and its connections.

use mynah_classic::command::{ComFieldList, ComSetOption};
use mynah_classic::response::{OkPacket, SqlState, StatisticsResponse};
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, FieldListColumn, NameParts};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType};

use super::answer::Purpose;
use super::command_phase::LoggedIn;
use super::machine::{Action, Server, State};
use super::result_set::send_eof;
use crate::{
    Completion, Failure, Kill, Outcome, ResultSet, RowsBuilder, SessionError, StatementCommand,
};

/// What COM_STATISTICS says of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// For how many seconds it has been running.
    pub uptime: u64,
    /// How many connections are open.
    pub threads: u64,
    /// How many statements clients have sent.
    pub questions: u64,
}

/// A connection, as COM_PROCESS_INFO lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// Who is logged in; absent before that.
    pub user: Option<String>,
    /// Where it comes from.
    pub host: String,
    /// The schema in use, if there is one.
    pub schema: Option<String>,
    /// For how many seconds it has been there.
    pub time: u64,
}

impl Server {
    pub(super) fn set_option(
        &mut self,
        mut state: LoggedIn,
        command: ComSetOption,
    ) -> Result<State, SessionError> {
        match command.option_operation {
            operation @ (0 | 1) => {
                state
                    .shared
                    .set(Capabilities::MULTI_STATEMENTS, operation == 0);
                self.send_bare_eof(&state)?;
            }
            _ => self
                .exchange
                .send_failure(unknown_command(), state.shared)?,
        }
        Ok(self.expect_command(state))
    }

    pub(super) fn send_bare_eof(&mut self, state: &LoggedIn) -> Result<(), SessionError> {
        let end = OkPacket {
            status_flags: state.session.flags(),
            warnings: state.warnings_before(),
            ..OkPacket::default()
        };
        send_eof(&mut self.exchange, end, state.shared)?;
        Ok(())
    }

    pub(super) fn field_list(&mut self, state: LoggedIn, command: ComFieldList) -> State {
        let statement = state.statement(StatementCommand::FieldList, command.table);
        self.actions.push_back(Action::AskFields(statement));
        State::ExpectFields(state)
    }

    pub(super) fn fields(
        &mut self,
        state: LoggedIn,
        fields: Result<std::sync::Arc<[ColumnDefinition41]>, Failure>,
    ) -> Result<State, SessionError> {
        match fields {
            Ok(columns) => {
                for definition in columns.iter().cloned() {
                    let column = FieldListColumn {
                        definition,
                        default_values: None,
                    };
                    self.exchange.send(&column, state.shared)?;
                }
                self.send_bare_eof(&state)?;
            }
            Err(failure) => self.exchange.send_failure(failure, state.shared)?,
        }
        Ok(self.expect_command(state))
    }

    pub(super) fn statistics(
        &mut self,
        state: LoggedIn,
        statistics: Statistics,
    ) -> Result<State, SessionError> {
        let Statistics {
            uptime,
            threads,
            questions,
        } = statistics;
        let thousandths = questions.saturating_mul(1000) / uptime.max(1);
        let (whole, fraction) = (thousandths / 1000, thousandths % 1000);
        let text = format!(
            "Uptime: {uptime}  Threads: {threads}  Questions: {questions}  Slow queries: 0  \
             Opens: 0  Flush tables: 0  Open tables: 0  \
             Queries per second avg: {whole}.{fraction:03}"
        );
        let response = StatisticsResponse {
            statistics: text.into(),
        };
        self.exchange.send(&response, ())?;
        Ok(self.expect_command(state))
    }

    pub(super) fn processes(
        &mut self,
        state: LoggedIn,
        processes: &[Process],
    ) -> Result<State, SessionError> {
        let mut rows = RowsBuilder::default();
        for process in processes {
            let text = |text: &Option<String>| text.clone().map(String::into_bytes);
            let command: &[u8] = if process.id == state.thread_id {
                b"Processlist"
            } else {
                b"Sleep"
            };
            rows.cell(Some(process.id.to_string().as_bytes()));
            rows.cell(text(&process.user).as_deref());
            rows.cell(Some(process.host.as_bytes()));
            rows.cell(text(&process.schema).as_deref());
            rows.cell(Some(command));
            rows.cell(Some(process.time.to_string().as_bytes()));
            rows.cell(Some(b""));
            rows.cell(None);
            rows.end_row();
        }
        let result = ResultSet {
            columns: COLUMNS.map(column).into(),
            rows: rows.finish(),
            end: Completion::default(),
            is_out_parameters: false,
        };
        self.reply(state, Purpose::Query.into(), Outcome::Rows(result).into())
    }

    pub(super) fn kill(&mut self, state: LoggedIn, kill: Kill) -> Result<State, SessionError> {
        if kill.connection_id == state.thread_id {
            self.exchange
                .send_failure(Failure::interrupted(), state.shared)?;
            if kill.only_statement {
                return Ok(self.expect_command(state));
            }
            self.actions.push_back(Action::Close);
            return Ok(State::Closed);
        }
        self.actions.push_back(Action::Kill(kill));
        Ok(State::ExpectKilled(state, kill))
    }

    pub(super) fn kill_by_statement(
        &mut self,
        mut state: LoggedIn,
        kill: Kill,
    ) -> Result<State, SessionError> {
        state.session.warning_count = 0;
        self.kill(state, kill)
    }

    pub(super) fn killed(
        &mut self,
        mut state: LoggedIn,
        kill: Kill,
        was_there: bool,
    ) -> Result<State, SessionError> {
        if was_there {
            self.send_ok(&state, &Completion::default())?;
        } else {
            state.session.warning_count = 1;
            self.exchange.send_failure(kill.unknown(), state.shared)?;
        }
        Ok(self.expect_command(state))
    }
}

pub(super) fn unknown_command() -> Failure {
    Failure {
        code: 1047,
        sql_state: SqlState(*b"08S01"),
        message: "Unknown command".into(),
    }
}

fn column((name, column_type, column_length): (&str, ColumnType, u32)) -> ColumnDefinition41 {
    let is_number = column_type != ColumnType::VAR_STRING;
    ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: if is_number { 63 } else { 255 },
        column_length,
        column_type,
        flags: if is_number {
            ColumnFlags::NOT_NULL | ColumnFlags::BINARY
        } else {
            ColumnFlags::empty()
        },
        ..ColumnDefinition41::default()
    }
}

const COLUMNS: [(&str, ColumnType, u32); 8] = [
    ("Id", ColumnType::LONGLONG, 21),
    ("User", ColumnType::VAR_STRING, 128),
    ("Host", ColumnType::VAR_STRING, 1020),
    ("db", ColumnType::VAR_STRING, 256),
    ("Command", ColumnType::VAR_STRING, 64),
    ("Time", ColumnType::LONG, 7),
    ("State", ColumnType::VAR_STRING, 120),
    ("Info", ColumnType::VAR_STRING, 400),
];
