use mynah_session::{Completion, Failure, Outcome, Reply, Warning};

/// How the last statement ended, for SHOW WARNINGS and the like; these themselves don't count.
#[derive(Debug, Default)]
pub(super) struct Last {
    pub(super) last_insert_id: u64,
    pub(super) row_count: i64,
    pub(super) found_rows: u64,
    pub(super) warnings: Vec<Warning>,
    pub(super) failure: Option<Failure>,
}

impl Last {
    /// After a statement that was answered by this.
    pub(super) fn after(&self, reply: &Reply) -> Self {
        match reply.more.last().unwrap_or(&reply.outcome) {
            Outcome::Ok(completion) => Self {
                row_count: completion.affected_rows.try_into().unwrap_or(i64::MAX),
                ..self.after_success(completion)
            },
            Outcome::Rows(result) => Self {
                row_count: -1,
                found_rows: result.rows.len().try_into().unwrap_or(u64::MAX),
                ..self.after_success(&result.end)
            },
            Outcome::Error(failure) => Self {
                row_count: -1,
                failure: Some(failure.clone()),
                last_insert_id: self.last_insert_id,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    fn after_success(&self, completion: &Completion) -> Self {
        let last_insert_id = match completion.last_insert_id {
            0 => self.last_insert_id,
            id => id,
        };
        Self {
            last_insert_id,
            warnings: completion.warnings.clone(),
            ..Self::default()
        }
    }

    /// An error counts, too.
    pub(super) fn warning_count(&self) -> usize {
        self.warnings.len() + self.failure.iter().count()
    }
}
