use std::any::Any;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use mynah_classic::command::ParameterTypes;
use mynah_classic::response::StmtPrepareOk;
use mynah_classic::resultset::ColumnDefinition41;

use crate::sql::{Secrets, Settings};

/// A prepared statement, as far as an observer knows it.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// The statement's text, as much of it as is kept.
    pub text: Bytes,
    /// The server's answer to COM_STMT_PREPARE; `None` until it is received.
    pub prepared: Option<StmtPrepareOk>,
    /// The columns of the statement's result, from the last answer to its COM_STMT_PREPARE or to an execution that
    /// had columns. Known only with [`Options::messages`](super::Options::messages); otherwise empty.
    pub columns: Vec<ColumnDefinition41>,
    /// Whether `text` isn't the whole statement, but its start or empty.
    pub is_cut: bool,
    /// The settings by which the server parsed the statement.
    pub settings: Settings,
    pub(super) types: Option<ParameterTypes>,
    /// Which parameters were sent by COM_STMT_SEND_LONG_DATA since it was last executed.
    long_data: BTreeSet<u16>,
    secrets: Option<Arc<Secrets>>,
    /// What [`Executed::keep`] has made of it.
    kept: Option<Arc<dyn Any + Send + Sync>>,
}

impl Statement {
    /// One that was sent just now.
    pub(super) fn new(text: Bytes, is_cut: bool, settings: Settings) -> Self {
        Self {
            text,
            is_cut,
            settings,
            ..Self::default()
        }
    }
}

/// The prepared statement that a command refers to, as COM_STMT_EXECUTE does.
#[derive(Clone, Debug)]
pub struct Executed {
    pub(super) statement: Arc<Mutex<Statement>>,
    /// Which parameters were sent before, by COM_STMT_SEND_LONG_DATA.
    pub(super) long_data: BTreeSet<u16>,
}

impl Executed {
    /// A copy of the prepared statement, with what is known of it by now.
    #[must_use]
    pub fn statement(&self) -> Statement {
        lock(&self.statement).clone()
    }

    /// The text of the prepared statement, as much of it as is kept.
    #[must_use]
    pub fn text(&self) -> Bytes {
        lock(&self.statement).text.clone()
    }

    /// The passwords in the prepared statement's text. `find` is called the first time, and its result is
    /// kept. If only the beginning of the text is kept, all of it counts as secret, and `find` isn't called.
    #[must_use]
    pub fn secrets(&self, find: impl FnOnce(&Bytes, &Settings) -> Secrets) -> Arc<Secrets> {
        let (text, settings, is_cut) = {
            let statement = lock(&self.statement);
            if let Some(secrets) = &statement.secrets {
                return Arc::clone(secrets);
            }
            let text = statement.text.clone();
            (text, statement.settings, statement.is_cut)
        };
        // Without the lock: what is called may take long, or ask for the statement.
        let secrets = Arc::new(match is_cut {
            true => Secrets::all(&text),
            false => find(&text, &settings),
        });
        lock(&self.statement).secrets = Some(Arc::clone(&secrets));
        secrets
    }

    /// What `make` makes of the prepared statement. It is called the first time, and its result is kept with the
    /// statement; a result of another type takes the place of one that is kept. If several threads ask at the same time,
    /// `make` may be called by each.
    #[must_use]
    pub fn keep<T: Any + Send + Sync>(&self, make: impl FnOnce(&Statement) -> T) -> Arc<T> {
        let statement = {
            let statement = lock(&self.statement);
            if let Some(Ok(kept)) = statement.kept.clone().map(Arc::downcast) {
                return kept;
            }
            statement.clone()
        };
        // Without the lock: what is called may take long, or ask for the statement.
        let made = Arc::new(make(&statement));
        lock(&self.statement).kept = Some(Arc::<T>::clone(&made));
        made
    }

    /// The columns of the prepared statement's result, from the last answer to its COM_STMT_PREPARE or to an
    /// execution that had columns. Known only with [`Options::messages`](super::Options::messages); otherwise empty.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnDefinition41> {
        lock(&self.statement).columns.clone()
    }

    /// The settings by which the server parsed the prepared statement.
    #[must_use]
    pub fn settings(&self) -> Settings {
        lock(&self.statement).settings
    }
}

/// The statements of a connection.
#[derive(Debug, Default)]
pub(super) struct Statements {
    by_id: HashMap<u32, Arc<Mutex<Statement>>>,
    /// Those that wait for the server's answer, and their texts, in order.
    due: VecDeque<Arc<Mutex<Statement>>>,
    last: Option<Arc<Mutex<Statement>>>,
    /// How many bytes their texts have.
    held: usize,
}

impl Statements {
    /// The client prepares a statement.
    pub(super) fn prepare(&mut self, mut statement: Statement, max_held: usize) -> Executed {
        let len = statement.text.len();
        // The texts of more than are held are not known.
        if self.held + len > max_held {
            (statement.text, statement.is_cut) = (Bytes::new(), true);
        } else {
            self.held += len;
        }
        let statement = Arc::new(Mutex::new(statement));
        self.due.push_back(Arc::clone(&statement));
        self.last = Some(Arc::clone(&statement));
        executed(statement)
    }

    /// The server answers to that: with a statement, or not.
    pub(super) fn prepared(&mut self, ok: Option<StmtPrepareOk>) {
        let Some(statement) = self.due.pop_front() else {
            return;
        };
        let Some(ok) = ok else {
            self.forget(&statement);
            return;
        };
        lock(&statement).prepared = Some(ok);
        if self.by_id.len() >= MAX_STATEMENTS {
            self.forget(&statement);
            return;
        }
        if let Some(before) = self.by_id.insert(ok.statement_id, statement) {
            self.forget(&before);
        }
    }

    /// A column of the statement that was prepared last.
    pub(super) fn column(&self, executed: &Executed, column: ColumnDefinition41) {
        let mut statement = lock(&executed.statement);
        if statement.columns.len() < MAX_COLUMNS {
            statement.columns.push(column);
        }
    }

    /// The columns of a result come anew.
    pub(super) fn clear_columns(&self, executed: &Executed) {
        lock(&executed.statement).columns.clear();
    }

    /// A command about a statement. The number that stands for the last one prepared is MariaDB's.
    pub(super) fn get(&self, id: u32) -> Option<Executed> {
        self.statement(id).map(executed)
    }

    /// An execution, which uses up what was sent of its parameters before.
    pub(super) fn execute(&mut self, id: u32) -> Option<Executed> {
        let statement = self.statement(id)?;
        let long_data = std::mem::take(&mut lock(&statement).long_data);
        Some(Executed {
            statement,
            long_data,
        })
    }

    pub(super) fn long_data(&self, id: u32, parameter: u16) {
        if let Some(statement) = self.statement(id) {
            lock(&statement).long_data.insert(parameter);
        }
    }

    pub(super) fn reset(&self, id: u32) {
        if let Some(statement) = self.statement(id) {
            lock(&statement).long_data.clear();
        }
    }

    pub(super) fn close(&mut self, id: u32) {
        if let Some(statement) = self.by_id.remove(&id) {
            self.forget(&statement);
        }
    }

    fn statement(&self, id: u32) -> Option<Arc<Mutex<Statement>>> {
        let known = self.by_id.get(&id);
        known.or(self.last.as_ref().filter(|_| id == LAST)).cloned()
    }

    /// All are gone, with the session they were of.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn forget(&mut self, statement: &Arc<Mutex<Statement>>) {
        self.held = self.held.saturating_sub(lock(statement).text.len());
    }
}

fn executed(statement: Arc<Mutex<Statement>>) -> Executed {
    Executed {
        statement,
        long_data: BTreeSet::new(),
    }
}

pub(super) fn lock(statement: &Mutex<Statement>) -> MutexGuard<'_, Statement> {
    statement.lock().unwrap_or_else(PoisonError::into_inner)
}

/// MariaDB: the statement that was prepared last.
const LAST: u32 = 0xffff_ffff;

/// How many statements of a connection are known; servers have as many by default.
const MAX_STATEMENTS: usize = 16_382;

/// No table has more.
const MAX_COLUMNS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_statement_may_ask_for_the_statement() {
        let mut statements = Statements::default();
        let statement = Statement::new("select 1".into(), false, Settings::default());
        let executed = statements.prepare(statement, 100);
        let make = |statement: &Statement| (statement.text.clone(), executed.text());
        let made = executed.keep(make);
        assert_eq!(*made, ("select 1".into(), "select 1".into()));
        assert!(Arc::ptr_eq(&made, &executed.keep(make)));
        let secrets =
            executed.secrets(|text, _| Secrets::all(&[&text[..], &executed.text()].concat()));
        assert_eq!(secrets.ranges, Secrets::all(&[b'x'; 16]).ranges);
    }
}
