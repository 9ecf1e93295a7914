//! The prepared statements of a session.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::command::{
    BulkParameters, ComStmtBulkExecute, ComStmtExecute, ComStmtSendLongData, ParameterTypes,
};
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_classic::resultset::ColumnDefinition41;

use mynah_wire::DecodeError;

use super::result_set::Sending;
use crate::{Failure, Param};

/// The prepared statements of a session, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Statements {
    by_id: HashMap<u32, PreparedStatement>,
    last_id: u32,
    /// What MariaDB's clients mean by the last one; nothing if preparing it failed.
    last_prepared: Option<u32>,
    text_len: usize,
    long_data_len: usize,
}

/// A statement that was prepared.
#[derive(Debug, Default)]
pub(super) struct PreparedStatement {
    pub(super) text: Bytes,
    pub(super) num_params: u16,
    /// The types of its parameters, as they came last.
    types: Option<ParameterTypes>,
    long_data: BTreeMap<u16, BytesMut>,
    /// The columns that its client got last, if clients keep them (MARIADB_CACHE_METADATA).
    columns: Option<Arc<[ColumnDefinition41]>>,
    /// What the next execution fails with.
    failure: Option<Failure>,
    pub(super) cursor: Option<Box<Sending>>,
}

impl Statements {
    /// The number that the next statement gets.
    pub(super) fn next_id(&self) -> u32 {
        let mut id = self.last_id.wrapping_add(1);
        while matches!(id, 0 | LAST_PREPARED) || self.by_id.contains_key(&id) {
            id = id.wrapping_add(1);
        }
        id
    }

    /// Takes a statement, and gives it its number.
    pub(super) fn add(
        &mut self,
        text: &Bytes,
        num_params: u16,
        limit: usize,
    ) -> Result<u32, Failure> {
        self.last_prepared = None;
        let is_full = self.by_id.len() >= MAX_PREPARED_STMT_COUNT
            || self.text_len.saturating_add(text.len()) > limit.saturating_mul(TEXTS);
        if is_full {
            return Err(Failure {
                code: error_code::ER_MAX_PREPARED_STMT_COUNT_REACHED,
                sql_state: SqlState(*b"42000"),
                message: format!(
                    "Can't create more than max_prepared_stmt_count statements \
                     (current value: {MAX_PREPARED_STMT_COUNT})"
                )
                .into(),
            });
        }
        self.last_id = self.next_id();
        self.text_len += text.len();
        let statement = PreparedStatement {
            // The rest of what was read with it isn't kept.
            text: Bytes::copy_from_slice(text),
            num_params,
            ..PreparedStatement::default()
        };
        self.by_id.insert(self.last_id, statement);
        self.last_prepared = Some(self.last_id);
        Ok(self.last_id)
    }

    /// Preparing a statement failed.
    pub(super) fn forget_last(&mut self) {
        self.last_prepared = None;
    }

    /// The statement that a client means by a number.
    pub(super) fn get(&mut self, id: u32) -> Result<(u32, &mut PreparedStatement), Failure> {
        let meant = match id {
            LAST_PREPARED => self.last_prepared.unwrap_or(id),
            id => id,
        };
        match self.by_id.get_mut(&meant) {
            Some(statement) => Ok((meant, statement)),
            None => Err(unknown(id)),
        }
    }

    /// Notes the columns that the client gets of a statement, or none if it must not rely on what it has.
    /// Returns whether the client knows these already.
    pub(super) fn note_columns(
        &mut self,
        id: u32,
        columns: Option<&Arc<[ColumnDefinition41]>>,
    ) -> bool {
        let Ok((_, statement)) = self.get(id) else {
            return false;
        };
        let known = columns.is_some() && statement.columns.as_ref() == columns;
        statement.columns = columns.cloned();
        known
    }

    /// Forgets a statement.
    pub(super) fn remove(&mut self, id: u32) -> Option<PreparedStatement> {
        let statement = self.by_id.remove(&id)?;
        self.text_len = self.text_len.saturating_sub(statement.text.len());
        self.long_data_len = self.long_data_len.saturating_sub(statement.long_data_len());
        Some(statement)
    }

    /// The numbers of all statements, in order, each with the cursor that it has open.
    pub(super) fn into_cursors(self) -> impl Iterator<Item = (u32, Option<Box<Sending>>)> {
        let mut statements: Vec<_> = self.by_id.into_iter().collect();
        statements.sort_by_key(|(id, _)| *id);
        statements
            .into_iter()
            .map(|(id, statement)| (id, statement.cursor))
    }

    /// Takes a piece of a parameter. What is wrong with it, the execution says.
    pub(super) fn append(&mut self, piece: &ComStmtSendLongData, limit: usize) {
        let Some(statement) = self.by_id.get_mut(&piece.statement_id) else {
            return;
        };
        // COM_STMT_SEND_LONG_DATA has no answer: its error is that of the next execution.
        if piece.param_id >= statement.num_params {
            statement.failure = Some(wrong_arguments("mysqld_stmt_send_long_data"));
        } else if piece.data.len() > limit.saturating_sub(self.long_data_len) {
            statement.failure = Some(Failure::general(error_code::ER_UNKNOWN_ERROR, TOO_LONG));
        } else {
            self.long_data_len += piece.data.len();
            let data = statement.long_data.entry(piece.param_id).or_default();
            data.extend_from_slice(&piece.data);
        }
    }

    /// Forgets the long data of a statement.
    pub(super) fn reset(&mut self, id: u32) {
        if let Some(statement) = self.by_id.get_mut(&id) {
            self.long_data_len = self.long_data_len.saturating_sub(statement.long_data_len());
            statement.long_data.clear();
            statement.failure = None;
        }
    }
}

impl PreparedStatement {
    /// The parameters of an execution, and its query attributes.
    pub(super) fn read(
        &mut self,
        execute: &ComStmtExecute,
        shared: Capabilities,
    ) -> Result<(Vec<Param>, Vec<Param>), Failure> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let malformed = |error| malformed(&error);
        // What stands behind is of no interest to servers.
        // `new_params_bind_flag` says whether types follow. A client may leave them out after the first
        // execution ("COM_STMT_EXECUTE").
        let (parameters, _rest) = execute
            .read_parameters_lenient(shared, self.num_params)
            .map_err(malformed)?;
        // With CLIENT_QUERY_ATTRIBUTES there may be more parameters than placeholders: the others are
        // attributes.
        let all = u64::from(self.num_params)..=u64::from(u16::MAX);
        if !all.contains(&parameters.len()) {
            return Err(wrong_arguments("mysqld_stmt_execute"));
        }
        if parameters.is_empty() {
            return Ok(Default::default());
        }
        if let Some(types) = parameters.types() {
            self.keep(types);
        } else if self.types.is_none() {
            return Err(wrong_arguments("mysqld_stmt_execute"));
        }
        // A parameter that came by COM_STMT_SEND_LONG_DATA has no value in the execution.
        let long_data = std::mem::take(&mut self.long_data);
        let of = |index: u64| long_data.get(&u16::try_from(index).ok()?);
        let (all, _rest) = parameters
            .read_lenient(self.types.as_ref(), |index| of(index).is_some())
            .map_err(malformed)?;
        let (mut params, mut attributes) = (Vec::new(), Vec::new());
        for (index, parameter) in (0..).zip(all) {
            let data = of(index).map(|data| Bytes::copy_from_slice(data));
            let param = Param::received(parameter, data).map_err(malformed)?;
            if index < u64::from(self.num_params) {
                params.push(param);
            } else {
                attributes.push(param);
            }
        }
        self.long_data = long_data;
        Ok((params, attributes))
    }

    /// The rows of a bulk execution, and the types of its parameters.
    pub(super) fn read_bulk(
        &mut self,
        execute: &ComStmtBulkExecute,
    ) -> Result<(BulkParameters, Option<ParameterTypes>), Failure> {
        let parameters = execute
            .read_parameters(self.num_params)
            .map_err(|error| malformed(&error))?;
        if let Some(types) = parameters.types() {
            self.keep(types);
        }
        if self.types.is_none() || self.num_params == 0 {
            return Err(wrong_arguments("mysqld_stmt_bulk_execute"));
        }
        Ok((parameters, self.types.clone()))
    }

    /// Keeps the parameter types for executions that leave them out, and nothing else of the packet that they
    /// came in.
    fn keep(&mut self, types: &ParameterTypes) {
        // Types share the packet's buffer, so they are copied; most executions repeat those of the one
        // before.
        if self.types.as_ref() != Some(types) {
            let types: Vec<_> = types.iter().collect();
            self.types = Some(ParameterTypes::new(&types));
        }
    }

    fn long_data_len(&self) -> usize {
        self.long_data.values().map(BytesMut::len).sum()
    }
}

pub(super) fn unknown(id: u32) -> Failure {
    Failure::general(
        error_code::ER_UNKNOWN_STMT_HANDLER,
        format!("Unknown prepared statement handler ({id}) given to mysql_stmt_precheck"),
    )
}

pub(super) fn wrong_arguments(function: &str) -> Failure {
    Failure::general(
        error_code::ER_WRONG_ARGUMENTS,
        format!("Incorrect arguments to {function}"),
    )
}

/// The error for parameters that can't be understood.
pub(super) fn malformed(error: &DecodeError) -> Failure {
    Failure::general(
        error_code::ER_MALFORMED_PACKET,
        format!("Malformed communication packet: {error}"),
    )
}

/// The statement that was prepared last, to MariaDB.
const LAST_PREPARED: u32 = u32::MAX;
/// How many statements a session may have, as many as a server's sessions together by default.
const MAX_PREPARED_STMT_COUNT: usize = 16_382;
/// How many statements of the longest size a session may have.
const TEXTS: usize = 4;
const TOO_LONG: &str = "Parameter of prepared statement which is set through \
                        mysql_send_long_data() is longer than 'max_allowed_packet' bytes";
