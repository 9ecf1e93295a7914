use std::collections::HashMap;

use bytes::Bytes;
use mynah_classic::error_code;
use mynah_classic::response::SqlState;
use mynah_x::crud::{Delete, Find, Insert, Update};

use super::failures::not_prepared;
use crate::Failure;

/// The prepared statements of a session, by the client's numbers.
#[derive(Debug, Default)]
pub(super) struct PreparedStatements {
    by_id: HashMap<u32, PreparedStatement>,
    size: usize,
}

/// A statement that was prepared.
#[derive(Debug)]
pub(super) struct PreparedStatement {
    pub(super) message: Message,
    /// About how much memory it takes.
    pub(super) size: usize,
}

/// What was prepared.
#[derive(Debug)]
pub(super) enum Message {
    Text(Text),
    Find(Box<Find>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
}

/// A statement's text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) stmt: Bytes,
    pub(super) num_params: usize,
}

impl PreparedStatements {
    pub(super) fn get(&self, id: u32) -> Result<&PreparedStatement, Failure> {
        self.by_id.get(&id).ok_or_else(|| not_prepared(id))
    }

    pub(super) fn contains(&self, id: u32) -> bool {
        self.by_id.contains_key(&id)
    }

    /// Takes a statement.
    pub(super) fn add(
        &mut self,
        id: u32,
        statement: PreparedStatement,
        limit: usize,
    ) -> Result<(), Failure> {
        self.remove(id);
        let size = self.size.saturating_add(statement.size);
        if self.by_id.len() >= MAX_STATEMENTS || size > limit.saturating_mul(TEXTS) {
            return Err(Failure {
                code: error_code::ER_MAX_PREPARED_STMT_COUNT_REACHED,
                sql_state: SqlState(*b"42000"),
                message: format!(
                    "Can't create more than max_prepared_stmt_count statements (current value: \
                     {MAX_STATEMENTS})"
                )
                .into(),
            });
        }
        self.size = size;
        self.by_id.insert(id, statement);
        Ok(())
    }

    /// The numbers of all statements, in order.
    pub(super) fn into_ids(self) -> Vec<u32> {
        let mut ids: Vec<_> = self.by_id.into_keys().collect();
        ids.sort_unstable();
        ids
    }

    /// Forgets a statement; says whether there was one of this number.
    pub(super) fn remove(&mut self, id: u32) -> bool {
        match self.by_id.remove(&id) {
            Some(statement) => {
                self.size = self.size.saturating_sub(statement.size);
                true
            }
            None => false,
        }
    }
}

/// How many statements a session may have, as many as a server's sessions together by default.
const MAX_STATEMENTS: usize = 16_382;
/// How many statements of the longest size a session may have.
const TEXTS: usize = 4;
