use mynah_session::{Completion, Failure, Outcome, Prepared, Reply, Statement, StatementCommand};

use super::{Columns, Running, run};
use crate::document::{Document, Expected, Kind, Misfit};
use crate::prepared::ahead;
use crate::reason;
use crate::source_answer::SourceAnswer;
use crate::unanswered::Unanswered;
use crate::vm::problem::Problem;

impl Running {
    /// Answers a statement that is run.
    pub(in crate::vm) fn statement(
        &mut self,
        statement: &Statement,
    ) -> Result<SourceAnswer<Reply>, Problem> {
        self.files.clear();
        // A function that sees texts only was already called when the statement was prepared.
        if let Some(answer) = self.ahead.take(statement) {
            self.files = answer.files;
            return run(answer.reply).map(SourceAnswer::script);
        }
        if self.is_function() {
            let value = self.call(statement)?;
            if matches!(self.kind(&value), Kind::Undefined | Kind::Null) {
                let misfit = Misfit::Entry(self.kind(&value));
                let unanswered = SourceAnswer::nothing(reason::statement_failed(misfit));
                return Ok(unanswered.because(Unanswered::Function));
            }
            return self.entry(&value).and_then(run).map(SourceAnswer::script);
        }
        let Some((element, behind)) = self.peek()? else {
            let unanswered = SourceAnswer::nothing(reason::end_of_statements());
            return Ok(unanswered.because(self.end_of_array()?));
        };
        if self.strict {
            let expected = self.expected(&element)?;
            if let Err(difference) = expected.compare(statement) {
                let unanswered = SourceAnswer::nothing(reason::unexpected(behind, &difference));
                return Ok(unanswered.because(not_due(behind, difference, &expected)));
            }
        }
        self.last_played.add(behind, &statement.text);
        // An element that fails below is used up as well: the next statement gets the next element.
        (self.next, self.is_announced) = (behind, false);
        let reply = self.entry(&element).and_then(run)?;
        Ok(SourceAnswer::entry(behind, reply))
    }

    /// Answers COM_INIT_DB, if the script has an answer for it: a function that takes the second
    /// argument, or the next element of a strict array, if that is for `USE`.
    pub(in crate::vm) fn init_db(
        &mut self,
        statement: &Statement,
    ) -> Result<Option<SourceAnswer<Reply>>, Problem> {
        if self.is_function() {
            // A function of one parameter can't distinguish `USE` from a statement, so it isn't called.
            if !self.asks_more || self.is_coroutine {
                return Ok(None);
            }
            self.files.clear();
            let value = self.call(statement)?;
            return match self.kind(&value) {
                Kind::Undefined | Kind::Null => Ok(None),
                _ => Ok(Some(SourceAnswer::script(self.entry(&value)?))),
            };
        }
        let Some((element, behind)) = self.peek()?.filter(|_| self.strict) else {
            return Ok(None);
        };
        if !self.expected(&element)?.is_use(&statement.text) {
            return Ok(None);
        }
        (self.next, self.is_announced) = (behind, false);
        Ok(Some(SourceAnswer::entry(behind, self.entry(&element)?)))
    }

    /// Says what is known of a statement before it is run.
    pub(in crate::vm) fn prepare(
        &mut self,
        statement: &Statement,
    ) -> Result<SourceAnswer<Result<Prepared, Failure>>, Problem> {
        self.files.clear();
        if self.is_function() {
            // A coroutine has one answer for each resumption: it can't be asked ahead without skipping one.
            if self.is_coroutine {
                return Ok(SourceAnswer::script(Ok(Prepared::default())));
            }
            let value = self.call(statement)?;
            if matches!(self.kind(&value), Kind::Undefined | Kind::Null) {
                return Ok(SourceAnswer::nothing(Ok(Prepared::default())));
            }
            let num_params = self.expected(&value)?.num_params();
            let reply = self.entry(&value)?;
            // It is called again when the statement is executed, then with parameters.
            if self.asks_more {
                self.forget(&reply);
                let said = self.prepared.take().map(Ok);
                let said = said.unwrap_or_else(|| prepared(&reply, num_params));
                return Ok(SourceAnswer::script(said));
            }
            // It sees the text only, and the text is the same at each execution: its answer is kept for the
            // first.
            let prepared = self.prepared.take();
            let prepared = prepared.unwrap_or_else(|| ahead(&reply, num_params));
            let files = std::mem::take(&mut self.files);
            for oldest in self.ahead.keep(statement, reply, files) {
                self.forget(&oldest.reply);
            }
            return Ok(SourceAnswer::script(Ok(prepared)));
        }
        let Some((element, behind)) = self.peek()? else {
            return Ok(SourceAnswer::nothing(Ok(Prepared::default())));
        };
        let expected = self.expected(&element)?;
        let compared = expected.compare_text(&statement.text);
        if let (true, Err(difference)) = (self.strict, &compared) {
            let unanswered =
                SourceAnswer::nothing(Err(reason::unexpected_failure(behind, difference)));
            return Ok(unanswered.because(not_due(behind, difference.clone(), &expected)));
        }
        // A client relies on the columns that it got when it prepared, so the result must have the same.
        if compared.is_err() || self.is_announced {
            return Ok(SourceAnswer::entry(behind, Ok(Prepared::default())));
        }
        self.is_announced = !expected.has_text();
        let reply = self.entry(&element)?;
        self.put_back(&reply);
        let prepared = self.prepared.take();
        let prepared = prepared.unwrap_or_else(|| ahead(&reply, expected.num_params()));
        Ok(SourceAnswer::entry(behind, Ok(prepared)))
    }

    /// Why an array has no answer that has no more entries.
    fn end_of_array(&mut self) -> Result<Unanswered, Problem> {
        let mut engine = self.engine.borrow_mut();
        Ok(Unanswered::End {
            entries: engine.values().len(&self.sections.stmts)?,
            last: Box::new(self.last_played.clone()),
        })
    }

    /// The columns of a table.
    pub(in crate::vm) fn fields(&mut self, statement: &Statement) -> Result<Columns, Problem> {
        if !self.asks_more {
            return Ok([].into());
        }
        let value = self.call(statement)?;
        if matches!(self.kind(&value), Kind::Undefined | Kind::Null) {
            return Ok([].into());
        }
        let reply = self.entry(&value)?;
        self.forget(&reply);
        match reply.outcome {
            Outcome::Rows(result) => Ok(result.columns),
            Outcome::Error(failure) => Err(Problem::Failed(failure)),
            _ => Ok([].into()),
        }
    }

    /// Answers a replica's request for a binary log; `None` if the script has no answer.
    pub(in crate::vm) fn replicate(
        &mut self,
        statement: &Statement,
    ) -> Result<Option<Reply>, Problem> {
        if self.is_function() {
            if !self.asks_more {
                return Ok(None);
            }
            let value = self.call(statement)?;
            return match self.kind(&value) {
                Kind::Undefined | Kind::Null => Ok(None),
                _ => self.entry(&value).map(Some),
            };
        }
        let Some((element, behind)) = self.peek()? else {
            return Ok(None);
        };
        let reply = self.entry(&element)?;
        if !matches!(reply.outcome, Outcome::Binlog(_)) {
            return Ok(None);
        }
        // COM_REGISTER_SLAVE precedes the request for the binary log, which the entry answers.
        if statement.command == StatementCommand::RegisterReplica {
            return Ok(Some(Outcome::Ok(Completion::default()).into()));
        }
        self.next = behind;
        Ok(Some(reply))
    }
}

/// Why the entry of this number, which is due, doesn't answer a statement.
fn not_due(entry: u64, difference: String, expected: &Expected) -> Unanswered {
    Unanswered::NotDue {
        entry,
        difference,
        pattern: expected.pattern(),
    }
}

/// What a reply to a statement that is prepared says of it.
fn prepared(reply: &Reply, params: Option<u16>) -> Result<Prepared, Failure> {
    let warning_count = match &reply.outcome {
        Outcome::Error(failure) => return Err(failure.clone()),
        Outcome::Rows(result) => result.end.warning_count,
        Outcome::Ok(completion) => completion.warning_count,
        _ => 0,
    };
    Ok(Prepared {
        exec_time: reply.exec_time,
        warning_count,
        ..ahead(reply, params)
    })
}
