use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_session::observe::{Answer, Command, CommandKind, Outcome};
use mynah_x::prepare::Prepare;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, ClientMessageType, Frame};

use super::{StatementFacts, Wants, messages};
use crate::trace::{Rule, Rules};

/// Tells the facts of the statements of a connection, whose answers it sees in order.
#[derive(Debug)]
pub(crate) struct Statements {
    wants: Wants,
    /// What is hidden besides passwords.
    redact: Arc<[Rule]>,
    /// The statements that were prepared over the X Protocol. (The observer keeps those of the classic protocol.)
    pub(super) prepared: HashMap<u32, Arc<StatementFacts>>,
    /// The statements of its cursors.
    cursors: HashMap<u32, Arc<StatementFacts>>,
    /// How many bytes their texts have.
    pub(super) held: usize,
}

impl Statements {
    pub(crate) fn new(wants: Wants, redact: &Arc<[Rule]>) -> Self {
        Self {
            wants,
            redact: Arc::clone(redact),
            prepared: HashMap::new(),
            cursors: HashMap::new(),
            held: 0,
        }
    }

    /// The facts of the statement that a command has run, prepared, or was about otherwise; `None` if there is none.
    pub(crate) fn completed(&mut self, answer: &Answer) -> Option<Arc<StatementFacts>> {
        let command = &answer.command;
        match command.kind {
            CommandKind::Classic(_) => self.classic(command),
            CommandKind::X(message_type) => self.x(answer, message_type),
        }
    }

    fn classic(&self, command: &Command) -> Option<Arc<StatementFacts>> {
        if let Some(executed) = &command.executed {
            let (wants, rules) = (self.wants, self.rules());
            return Some(executed.keep(|statement| match statement.is_cut {
                true => StatementFacts::default(),
                false => StatementFacts::of(&statement.text, &statement.settings, rules, wants),
            }));
        }
        match command.sql() {
            Some(sql) => Some(Arc::new(self.sql(command, &sql))),
            // A statement that was prepared before it could be seen, or that is forgotten.
            None => is_execution(command.kind).then(Arc::default),
        }
    }

    fn sql(&self, command: &Command, sql: &Bytes) -> StatementFacts {
        match command.is_cut() {
            true => StatementFacts::default(),
            false => StatementFacts::of(sql, &command.settings, self.rules(), self.wants),
        }
    }

    fn x(
        &mut self,
        answer: &Answer,
        message_type: ClientMessageType,
    ) -> Option<Arc<StatementFacts>> {
        if matches!(
            message_type,
            ClientMessageType::SESS_RESET | ClientMessageType::SESS_CLOSE
        ) {
            self.prepared.clear();
            self.cursors.clear();
            self.held = 0;
            return None;
        }
        if !may_have_statement(message_type) {
            return None;
        }
        let command = &answer.command;
        let frame = Frame {
            message_type: message_type.0,
            payload: command.payload.clone(),
        };
        let Ok(message) = ClientMessage::from_frame(&frame) else {
            return Some(Arc::default());
        };
        match &message {
            ClientMessage::StmtExecute(execute) => self.execute(command, execute).map(Arc::new),
            ClientMessage::Prepare(prepare) => self.prepare(answer, prepare),
            ClientMessage::Execute(execute) => Some(self.executed(execute.stmt_id)),
            ClientMessage::CursorOpen(open) => {
                let execute = open.stmt.prepare_execute.as_ref()?;
                let facts = self.executed(execute.stmt_id);
                self.cursors.remove(&open.cursor_id);
                let fits = self.cursors.len() < MAX_STATEMENTS;
                if fits && !matches!(answer.outcome, Outcome::Failed(_)) {
                    self.cursors.insert(open.cursor_id, Arc::clone(&facts));
                }
                Some(facts)
            }
            ClientMessage::CursorFetch(fetch) => self.cursors.get(&fetch.cursor_id).cloned(),
            ClientMessage::CursorClose(close) => self.cursors.remove(&close.cursor_id),
            ClientMessage::Deallocate(deallocate) => self.remove(deallocate.stmt_id),
            message => {
                let facts = messages::of_message(message)?;
                Some(Arc::new(facts.without_hidden(self.rules())))
            }
        }
    }

    /// A statement in SQL; `None` for a command of another namespace.
    fn execute(&self, command: &Command, execute: &StmtExecute) -> Option<StatementFacts> {
        let is_sql = execute.namespace_or_default() == "sql";
        is_sql.then(|| self.sql(command, &execute.stmt))
    }

    fn prepare(&mut self, answer: &Answer, prepare: &Prepare) -> Option<Arc<StatementFacts>> {
        // A statement of the same id is gone, whatever the server says of the new one.
        self.remove(prepare.stmt_id);
        let facts = match prepare.stmt.stmt_execute.as_deref() {
            Some(execute) => self.execute(&answer.command, execute),
            None => {
                let facts = messages::of_prepared(&prepare.stmt);
                facts.map(|facts| facts.without_hidden(self.rules()))
            }
        };
        let mut facts = facts?;
        // A slice would hold all of the message.
        facts.shown = Bytes::copy_from_slice(&facts.shown);
        let (facts, held) = (Arc::new(facts.clone()), facts.held());
        let fits = self.prepared.len() < MAX_STATEMENTS && self.held + held <= MAX_HELD;
        if fits && !matches!(answer.outcome, Outcome::Failed(_)) {
            self.held += held;
            self.prepared.insert(prepare.stmt_id, Arc::clone(&facts));
        }
        Some(facts)
    }

    fn executed(&self, id: u32) -> Arc<StatementFacts> {
        self.prepared.get(&id).cloned().unwrap_or_default()
    }

    fn remove(&mut self, id: u32) -> Option<Arc<StatementFacts>> {
        let facts = self.prepared.remove(&id)?;
        self.held -= facts.held();
        // The server closes the statement's cursors, too; their facts aren't counted any more.
        if Arc::strong_count(&facts) > 1 {
            self.cursors.retain(|_, of| !Arc::ptr_eq(of, &facts));
        }
        Some(facts)
    }

    fn rules(&self) -> Rules<'_> {
        Rules::hiding(&self.redact)
    }
}

/// Whether a command runs a statement, and doesn't only prepare or close one.
pub(crate) fn is_execution(kind: CommandKind) -> bool {
    match kind {
        CommandKind::Classic(code) => matches!(
            code,
            CommandCode::QUERY | CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE
        ),
        CommandKind::X(message_type) => {
            may_have_statement(message_type)
                && !matches!(
                    message_type,
                    ClientMessageType::PREPARE_PREPARE
                        | ClientMessageType::PREPARE_DEALLOCATE
                        | ClientMessageType::CURSOR_FETCH
                        | ClientMessageType::CURSOR_CLOSE
                )
        }
    }
}

/// Whether a command fetches rows of a statement that was run before.
pub(crate) fn is_fetch(kind: CommandKind) -> bool {
    matches!(
        kind,
        CommandKind::Classic(CommandCode::STMT_FETCH)
            | CommandKind::X(ClientMessageType::CURSOR_FETCH)
    )
}

fn may_have_statement(message_type: ClientMessageType) -> bool {
    matches!(
        message_type,
        ClientMessageType::SQL_STMT_EXECUTE
            | ClientMessageType::PREPARE_PREPARE
            | ClientMessageType::PREPARE_EXECUTE
            | ClientMessageType::PREPARE_DEALLOCATE
            | ClientMessageType::CURSOR_OPEN
            | ClientMessageType::CURSOR_FETCH
            | ClientMessageType::CURSOR_CLOSE
            | ClientMessageType::CRUD_FIND
            | ClientMessageType::CRUD_INSERT
            | ClientMessageType::CRUD_UPDATE
            | ClientMessageType::CRUD_DELETE
            | ClientMessageType::CRUD_CREATE_VIEW
            | ClientMessageType::CRUD_MODIFY_VIEW
            | ClientMessageType::CRUD_DROP_VIEW
    )
}

/// How many statements of a connection are known.
const MAX_STATEMENTS: usize = 16_382;

/// How many bytes of texts are held.
const MAX_HELD: usize = 16 * 1024 * 1024;
