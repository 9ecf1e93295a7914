//! Serves a SQLite file as one schema, named after the file, to clients of both protocols: statements, prepared
//! statements, transactions, and what clients ask to browse (SHOW, DESCRIBE, `information_schema`).

mod browse;
mod cells;
mod failures;
mod text;

use std::cell::RefCell;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{env, io, thread};

use mynah_server::{
    Account, Backend, Column, Completion, Connection, Failure, Finished, Login, Param, Prepared,
    Results, RowWriter, Server, Statement, StatusFlags, blocking,
};
use rusqlite::InterruptHandle;
use rusqlite::functions::FunctionFlags;

use crate::cells::{Kind, bound};
use crate::failures::{failure, in_schema, unknown_schema};

/// A client's own connection to the file, so that transactions are a client's own, too.
struct Sqlite {
    file: String,
    schema: String,
    connection: Connection,
    /// From the login on. A reset replaces it, and doesn't wait for work on the one before.
    session: RefCell<Arc<Shared>>,
}

/// What threads that work on a session share.
#[derive(Default)]
struct Shared {
    session: Mutex<Option<Session>>,
    /// Ends what SQLite is doing for the session.
    interrupt: Option<InterruptHandle>,
}

/// Ends what SQLite is doing for the session when the server drops the future of a statement, because the client
/// has disconnected or KILL ends the statement. After the work it has no effect.
struct Interrupting(Arc<Shared>);

struct Session {
    schema: String,
    db: rusqlite::Connection,
    /// Whether a statement outside of a transaction begins none.
    autocommit: bool,
}

impl Shared {
    fn of(session: Session) -> Arc<Self> {
        Arc::new(Self {
            interrupt: Some(session.db.get_interrupt_handle()),
            session: Mutex::new(Some(session)),
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Session) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let session = session.as_mut().ok_or_else(Failure::interrupted)?;
        work(session).map_err(|failure| in_schema(failure, &session.schema))
    }
}

impl Drop for Interrupting {
    fn drop(&mut self) {
        if let Some(interrupt) = &self.0.interrupt {
            interrupt.interrupt();
        }
    }
}

impl Session {
    fn open(file: &str, schema: &str, id: u32) -> rusqlite::Result<Self> {
        let db = rusqlite::Connection::open(file)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.execute_batch(&browse::INFORMATION_SCHEMA.replace("{schema}", schema))?;
        let flags = FunctionFlags::SQLITE_UTF8;
        for name in ["database", "schema"] {
            let schema = schema.to_owned();
            db.create_scalar_function(name, 0, flags, move |_| Ok(schema.clone()))?;
        }
        db.create_scalar_function("version", 0, flags, |_| Ok("9.7.4-sqlite"))?;
        db.create_scalar_function("connection_id", 0, flags, move |_| Ok(id))?;
        db.create_scalar_function("repeat", 2, flags, |call| {
            let count = usize::try_from(call.get::<i64>(1)?).unwrap_or(0);
            Ok(call.get::<String>(0)?.repeat(count.min(1 << 20)))
        })?;
        db.create_scalar_function("locate", 2, flags, |call| {
            let (part, text): (String, String) = (call.get(0)?, call.get(1)?);
            let at = text.to_lowercase().find(&part.to_lowercase());
            Ok(at.map_or(0, |at| at as i64 + 1))
        })?;
        db.create_scalar_function("convert", 2, flags, |call| call.get::<Option<i64>>(0))?;
        db.create_scalar_function("convert_tz", 3, flags, |call| call.get::<String>(0))?;
        Ok(Self {
            schema: schema.to_owned(),
            db,
            autocommit: true,
        })
    }
}

impl Sqlite {
    async fn open(&self) -> Result<Session, Failure> {
        let (file, schema) = (self.file.clone(), self.schema.clone());
        let id = self.connection.id();
        blocking(move || Session::open(&file, &schema, id))
            .await?
            .map_err(failure)
    }

    /// Works on the file, on a thread that may block.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let shared = Arc::clone(&self.session.borrow());
        let _interrupting = Interrupting(Arc::clone(&shared));
        blocking(move || shared.with(work)).await?
    }

    /// A statement for SQLite.
    fn translate(&self, statement: &Statement) -> String {
        let text = String::from_utf8_lossy(&statement.text);
        let sqlite = text::to_sqlite(&text, &self.schema);
        browse::show(&sqlite, &self.schema).unwrap_or(sqlite)
    }
}

/// The answer to a statement.
enum Answered {
    Done(Finished),
    /// Rows that are still to be written.
    Kept(Box<RowWriter>, Vec<Kind>, Vec<Vec<rusqlite::types::Value>>),
}

impl Answered {
    /// Writes the rows that were kept.
    fn finish(self) -> Result<Finished, Failure> {
        match self {
            Self::Done(finished) => Ok(finished),
            Self::Kept(mut writer, kinds, rows) => {
                for row in &rows {
                    let cells = row.iter().zip(&kinds);
                    writer
                        .row_blocking(cells.map(|(value, kind)| kind.cell(Some(value.into()))))?;
                }
                Ok(writer.finish())
            }
        }
    }
}

/// The names of a result's columns, with the types that its tables declare for them.
fn described(statement: &rusqlite::Statement<'_>) -> Vec<(String, Option<String>)> {
    let columns = statement.columns().map(|column| {
        let declared = column.decl_type().map(str::to_owned);
        (column.name().to_owned(), declared)
    });
    columns.collect()
}

/// What isn't a table's column has the type of its value in the first row.
fn kinds(described: &[(String, Option<String>)], first: Option<&rusqlite::Row<'_>>) -> Vec<Kind> {
    let kind = |(index, (_, declared)): (usize, &(String, Option<String>))| {
        let value = first.and_then(|row| row.get_ref(index).ok());
        Kind::of(declared.as_deref(), value)
    };
    (0..).zip(described).map(kind).collect()
}

impl Backend for Sqlite {
    const HAS_TRANSACTIONS: bool = true;

    /// Accepts any login. A client that logs in again has a new connection to the file.
    async fn authenticate(&self, _: &Login) -> Result<Account, Failure> {
        let session = Shared::of(self.open().await?);
        self.session.replace(session);
        Ok(Account::default())
    }

    async fn init_db(&self, schema: &str) -> Result<(), Failure> {
        match schema == self.schema || schema == "information_schema" {
            true => Ok(()),
            false => Err(unknown_schema(schema)),
        }
    }

    async fn query(&self, statement: &Statement, results: Results) -> Result<Finished, Failure> {
        let (sql, params) = (self.translate(statement), statement.params.clone());
        let opens_cursor = statement.opens_cursor;
        let shared = Arc::clone(&self.session.borrow());
        let _interrupting = Interrupting(Arc::clone(&shared));
        blocking(move || {
            // The client may send other statements before it has fetched the rows of a cursor. So these are written
            // without the lock; those of other statements are read while they are written.
            let answered =
                shared.with(|session| session.answer(&sql, &params, results, opens_cursor));
            answered?.finish()
        })
        .await?
    }

    async fn prepare(&self, statement: &Statement) -> Result<Prepared, Failure> {
        let sql = self.translate(statement);
        self.work(move |session| {
            let mut prepared = Prepared::default();
            if !Session::is_of_session(&sql) {
                let mut statement = session.db.prepare_cached(&sql).map_err(failure)?;
                prepared.params = u16::try_from(statement.parameter_count()).ok();
                let described = described(&statement);
                // As far as the types can be seen without the values: CAST shows them.
                for index in 1..=statement.parameter_count() {
                    statement.raw_bind_parameter(index, "1").map_err(failure)?;
                }
                let mut rows = statement.readonly().then(|| statement.raw_query());
                let first = rows.as_mut().and_then(|rows| rows.next().ok()).flatten();
                let columns = described.iter().zip(kinds(&described, first));
                let columns = columns.map(|((name, _), kind)| kind.column(name).into());
                prepared.columns = Some(columns.collect());
            }
            Ok(prepared)
        })
        .await
    }

    async fn field_list(&self, table: &str) -> Result<Vec<Column>, Failure> {
        let sql = format!("select * from main.\"{}\" limit 0", text::unquoted(table));
        self.work(move |session| {
            let statement = session.db.prepare(&sql).map_err(failure)?;
            let columns = statement.columns();
            let columns =
                columns.map(|column| Kind::of(column.decl_type(), None).column(column.name()));
            Ok(columns.collect())
        })
        .await
    }

    /// A new connection to the file; an open transaction of the one before is rolled back.
    async fn reset(&self) {
        let session = self.open().await;
        self.session
            .replace(session.map(Shared::of).unwrap_or_default());
    }
}

impl Session {
    /// Whether a statement is about the session, and isn't SQLite's.
    fn is_of_session(sql: &str) -> bool {
        let verb = sql.split_whitespace().next().unwrap_or_default();
        [
            "set", "use", "begin", "start", "commit", "rollback", "lock", "unlock",
        ]
        .iter()
        .any(|own| verb.eq_ignore_ascii_case(own))
    }

    fn answer(
        &mut self,
        sql: &str,
        params: &[Param],
        results: Results,
        opens_cursor: bool,
    ) -> Result<Answered, Failure> {
        if Self::is_of_session(sql) {
            self.transaction(&sql.to_ascii_lowercase())?;
            return Ok(Answered::Done(results.completed(self.completion())));
        }
        self.begin_if_needed()?;
        let mut statement = self.db.prepare_cached(sql).map_err(failure)?;
        for (index, param) in (1..).zip(params) {
            statement
                .raw_bind_parameter(index, bound(param))
                .map_err(failure)?;
        }
        if statement.column_count() == 0 {
            let changes = self.db.total_changes();
            let changed = statement.raw_execute().map_err(failure)? as u64;
            // After what changes no rows, SQLite has the number of the statement before.
            let affected_rows = match self.db.total_changes() == changes {
                true => 0,
                false => changed,
            };
            let is_insert = sql
                .get(..6)
                .is_some_and(|verb| verb.eq_ignore_ascii_case("insert"));
            let last_insert_id = match is_insert {
                true => u64::try_from(self.db.last_insert_rowid()).unwrap_or_default(),
                false => 0,
            };
            return Ok(Answered::Done(results.completed(Completion {
                affected_rows,
                last_insert_id,
                ..self.completion()
            })));
        }
        let described = described(&statement);
        let mut rows = statement.raw_query();
        let mut next = rows.next().map_err(failure)?;
        let kinds = kinds(&described, next);
        let columns = described.iter().zip(&kinds);
        let columns = columns.map(|((name, _), kind)| kind.column(name));
        let mut writer = results.columns(columns).with_end(self.completion());
        let mut kept = Vec::new();
        while let Some(row) = next {
            if opens_cursor {
                let values = (0..kinds.len()).map(|index| row.get(index));
                kept.push(values.collect::<Result<_, _>>().map_err(failure)?);
                next = rows.next().map_err(failure)?;
                continue;
            }
            let cells = (0..).zip(&kinds);
            let cells = cells.map(|(index, kind)| kind.cell(row.get_ref(index).ok()));
            writer.row_blocking(cells)?;
            next = rows.next().map_err(failure)?;
        }
        Ok(match opens_cursor {
            true => Answered::Kept(Box::new(writer), kinds, kept),
            false => Answered::Done(writer.finish()),
        })
    }

    /// Runs BEGIN, COMMIT and the like; all else has no effect.
    fn transaction(&mut self, text: &str) -> Result<(), Failure> {
        let words: Vec<_> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let is_open = !self.db.is_autocommit();
        let statement = match words[..] {
            ["begin" | "start", ..] if is_open => "commit; begin",
            ["begin" | "start", ..] => "begin",
            ["commit", ..] if is_open => "commit",
            ["rollback", "to", name] | ["rollback", "to", "savepoint", name] => {
                return self.run(&format!("rollback to \"{name}\""));
            }
            ["rollback", ..] if is_open => "rollback",
            _ => "",
        };
        if words.first() == Some(&"set")
            && let Some(at) = words.iter().position(|word| *word == "autocommit")
        {
            self.autocommit = matches!(words.get(at + 1), Some(&("1" | "on" | "true")));
            return self.run(if is_open { "commit" } else { "" });
        }
        self.run(statement)
    }

    fn begin_if_needed(&self) -> Result<(), Failure> {
        match !self.autocommit && self.db.is_autocommit() {
            true => self.run("begin"),
            false => Ok(()),
        }
    }

    fn run(&self, statement: &str) -> Result<(), Failure> {
        self.db.execute_batch(statement).map_err(failure)
    }

    /// The end of an answer: whether a transaction is open.
    fn completion(&self) -> Completion {
        let mut status_flags = StatusFlags::empty();
        status_flags.set(StatusFlags::AUTOCOMMIT, self.autocommit);
        status_flags.set(StatusFlags::IN_TRANS, !self.db.is_autocommit());
        Completion {
            status_flags: Some(status_flags),
            ..Completion::default()
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = env::args().skip(1);
    let file = args.next().ok_or("usage: sqlite FILE [PORT [XPORT]]")?;
    let mut port = |default| args.next().map_or(Ok(default), |port| port.parse());
    let (port, x_port) = (port(33060)?, port(33061)?);
    let schema = Path::new(&file).file_stem().unwrap_or_default();
    let schema = schema.to_string_lossy().into_owned();
    let server = Server::on_port(port)
        .x_port(x_port)
        .serve(move |connection| Sqlite {
            file: file.clone(),
            schema: schema.clone(),
            connection,
            session: RefCell::default(),
        })?;
    for (protocol, address) in ["classic", "x"].iter().zip(server.addresses()) {
        println!("{protocol} listening on {address}");
    }
    // Enter ends the server; without a terminal, a signal does.
    while io::stdin().read_line(&mut String::new())? == 0 {
        thread::park();
    }
    Ok(())
}
