//! Calls a script's function when a statement is prepared, so that its columns are known, and keeps the
//! answer for the first execution. Only for functions that depend on nothing but the statement's text.

use std::collections::VecDeque;

use boa_engine::JsValue;
use bytes::Bytes;
use mynah_session::{Reply, Statement, StatementCommand};

/// Answers to statements that were prepared and weren't run yet.
#[derive(Default)]
pub(super) struct Ahead(VecDeque<Answer>);

/// An answer, and what answers the files that it asks for.
pub(super) struct Answer {
    text: Bytes,
    pub(super) reply: Reply,
    pub(super) files: VecDeque<Option<JsValue>>,
}

impl Ahead {
    /// Keeps an answer; gives back those that there is no more room for.
    pub(super) fn keep(
        &mut self,
        statement: &Statement,
        reply: Reply,
        files: VecDeque<Option<JsValue>>,
    ) -> Vec<Answer> {
        let text = statement.text.clone();
        self.0.push_back(Answer { text, reply, files });
        let mut bytes = 0;
        let newest = self.0.iter().rev().take(MOST);
        let kept = newest.take_while(|answer| {
            let before = bytes;
            bytes += answer.text.len();
            before == 0 || bytes <= MOST_BYTES
        });
        let kept = kept.count();
        self.0.drain(..self.0.len() - kept).collect()
    }

    /// The answer to a statement, once.
    pub(super) fn take(&mut self, statement: &Statement) -> Option<Answer> {
        if statement.command != StatementCommand::Execute {
            return None;
        }
        let mut answers = self.0.iter();
        let index = answers.position(|answer| answer.text == statement.text)?;
        self.0.remove(index)
    }
}

const MOST: usize = 64;
/// How long the texts of statements that are kept may be, beyond the newest.
const MOST_BYTES: usize = 4 * 1024 * 1024;
