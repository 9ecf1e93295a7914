//! Bulk executions of a recording, which are looked up as a whole.

use std::sync::Arc;

use mynah_expect::{Call, Command};
use mynah_session::{BulkExecution, Param, Reply, Statement};

use super::super::Source;
use super::Expecting;
use crate::expectations::{Asked, ok, values_of};
use crate::recording::{Keyword, layout};
use crate::source_answer::SourceAnswer;

impl<S: Source> Expecting<S> {
    /// Answers a bulk execution as a whole, if a recording that is played has it. Otherwise its rows are asked for one by
    /// one, as of a client that sends them so.
    pub(super) fn answer_bulk(&mut self, bulk: &BulkExecution) -> Option<SourceAnswer<Reply>> {
        if !self.tests.is_recording() {
            return None;
        }
        // A recording has no rows of an execution whose rows can't be read.
        let rows: Vec<_> = bulk.rows().collect::<Result<_, _>>().unwrap_or_default();
        let first = Statement {
            params: rows.first().cloned().unwrap_or_default(),
            ..bulk.statement.clone()
        };
        let before = self.test_before.clone();
        let Asked { test, call, plain } = self.asked(&first).ok()?;
        let call = Call {
            command: Command::BulkExecute,
            params: Vec::new(),
            ..Call::clone(&call)
        };
        let character_set = self.client.character_set(&bulk.statement.state);
        let (mut sent, mut looked_up) = (call.clone(), call.clone());
        for (number, row) in rows.iter().enumerate() {
            let (params, _) = values_of(row, &[], character_set);
            let of_row = Arc::new(Call {
                command: Command::Execute,
                params,
                ..call.clone()
            });
            // Volatile values are replaced as in statements of their own.
            let found = self.looked_up(&test, &of_row);
            if number == 0 {
                looked_up.statement = found.statement.clone();
            }
            looked_up.params.extend(found.params.iter().cloned());
            sent.params.extend(of_row.params.iter().cloned());
        }
        let keywords = rows.iter().flatten().map(keyword).enumerate();
        let layout = layout(rows.len(), keywords);
        for call in [&mut sent, &mut looked_up] {
            call.params.push(layout.clone());
        }
        if !test.has_answer_to(&looked_up) {
            self.test_before = before;
            return None;
        }
        self.open_entry.end();
        self.files = None;
        self.later = None;
        self.statements += 1;
        let statement = plain.as_ref().unwrap_or(&bulk.statement);
        self.answer_call(statement, test, Arc::new(sent), &looked_up, |_, _| {
            Some(SourceAnswer::nothing(ok()))
        })
    }
}

fn keyword(param: &Param) -> Option<Keyword> {
    match (param.is_default(), param.is_ignored()) {
        (true, _) => Some(Keyword::Default),
        (_, true) => Some(Keyword::Ignore),
        _ => None,
    }
}
