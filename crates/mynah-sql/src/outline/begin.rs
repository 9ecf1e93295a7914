//! What a statement does, by its first words.

use super::StatementKind as Kind;
use super::walk::Walk;
use crate::lexeme::Lexeme;

impl Walk<'_> {
    /// Reads a statement, whose first token was read.
    pub(super) fn statement(&mut self, first: Lexeme) -> Kind {
        let (mut first, mut is_explained) = (first, false);
        // The statement that another explains, or sets variables for.
        loop {
            let inner = match first.word() {
                b"EXPLAIN" | b"DESCRIBE" | b"DESC" => {
                    self.explain_options();
                    if !self.comes_statement() {
                        return self.describe();
                    }
                    is_explained = true;
                    self.cursor.next()
                }
                // MariaDB runs the statement, and returns its plan.
                b"ANALYZE" if self.analyzes_statement() => {
                    self.explain_options();
                    self.cursor.next()
                }
                b"SET" if self.sets_for_statement() => {
                    self.skip_to(&[b"FOR"]);
                    self.cursor.next()
                }
                _ => break,
            };
            match inner {
                Some(inner) => first = inner,
                None => return Kind::Unknown,
            }
        }
        let kind = self.verb(&first);
        match is_explained {
            true => Kind::Explain,
            false => kind,
        }
    }

    fn verb(&mut self, first: &Lexeme) -> Kind {
        if first.is_sign(b'(') {
            let is_query = self.opens_query();
            self.step(first);
            let kind = self.query();
            return if is_query { kind } else { Kind::Unknown };
        }
        match first.word() {
            b"SELECT" | b"TABLE" => {
                self.step(first);
                if first.is(b"TABLE") {
                    self.level.begin_tables();
                }
                self.query()
            }
            b"VALUES" => self.query(),
            b"WITH" => self.with(),
            b"INSERT" => self.insert(Kind::Insert),
            b"REPLACE" => self.insert(Kind::Replace),
            b"UPDATE" => self.update(),
            b"DELETE" => self.delete(),
            b"LOAD" => self.load(),
            b"CALL" => self.plain(Kind::Call),
            b"DO" => self.plain(Kind::Do),
            b"HANDLER" => self.handler(),
            b"CREATE" => self.create(),
            b"ALTER" => self.alter(),
            b"DROP" => self.drop(),
            b"RENAME" => self.rename_all(),
            b"TRUNCATE" => {
                self.cursor.skip(b"TABLE");
                self.next_table();
                self.plain(Kind::Ddl)
            }
            b"GRANT" | b"REVOKE" => self.grant(),
            b"SET" => self.set(),
            b"USE" => self.plain(Kind::Use),
            b"START" => {
                let begins = self.cursor.comes(b"TRANSACTION");
                self.plain(if begins {
                    Kind::Transaction
                } else {
                    Kind::Replication
                })
            }
            b"BEGIN" => {
                // MariaDB has blocks outside of procedures, which begin in the same way.
                self.cursor.skip(b"WORK");
                let is_whole = self.cursor.peek(0).is_none_or(|next| next.is_sign(b';'));
                self.plain(if is_whole {
                    Kind::Transaction
                } else {
                    Kind::Unknown
                })
            }
            b"COMMIT" | b"ROLLBACK" | b"SAVEPOINT" | b"RELEASE" => self.plain(Kind::Transaction),
            b"XA" => self.plain(Kind::Xa),
            b"LOCK" => {
                if self.cursor.comes_one_of(&[b"TABLE", b"TABLES"]) {
                    self.cursor.next();
                    self.level.begin_tables();
                }
                self.plain(Kind::Lock)
            }
            b"BACKUP" => {
                if self.cursor.skip(b"LOCK") {
                    self.next_table();
                }
                self.plain(Kind::Lock)
            }
            b"UNLOCK" => self.plain(Kind::Lock),
            b"FLUSH" => {
                self.cursor.skip_all_of(&[b"LOCAL", b"NO_WRITE_TO_BINLOG"]);
                self.listed(Kind::Flush)
            }
            b"SHOW" => self.show(),
            b"HELP" => self.plain(Kind::Show),
            b"GET" | b"SIGNAL" | b"RESIGNAL" => self.plain(Kind::Diagnostics),
            b"PREPARE" => self.plain(Kind::Prepare),
            b"EXECUTE" => self.plain(Kind::Execute),
            b"DEALLOCATE" => self.plain(Kind::Deallocate),
            b"KILL" => self.plain(Kind::Kill),
            b"ANALYZE" | b"CHECK" | b"CHECKSUM" | b"OPTIMIZE" | b"REPAIR" => {
                self.cursor.skip_all_of(&[b"LOCAL", b"NO_WRITE_TO_BINLOG"]);
                self.listed(Kind::Admin)
            }
            b"CACHE" => {
                self.cursor.skip(b"INDEX");
                self.level.begin_tables();
                self.plain(Kind::Admin)
            }
            b"RESET" => {
                let of_server = self.cursor.comes_one_of(&[b"PERSIST", b"QUERY"]);
                self.plain(if of_server {
                    Kind::Admin
                } else {
                    Kind::Replication
                })
            }
            b"IMPORT" | b"INSTALL" | b"UNINSTALL" | b"SHUTDOWN" | b"RESTART" | b"CLONE" => {
                self.plain(Kind::Admin)
            }
            b"CHANGE" | b"STOP" | b"PURGE" | b"BINLOG" => self.plain(Kind::Replication),
            _ => self.plain(Kind::Unknown),
        }
    }

    /// Reads the rest of a statement whose kind is known.
    pub(super) fn plain(&mut self, kind: Kind) -> Kind {
        self.rest();
        kind
    }

    /// A statement that names tables behind TABLE or TABLES, if it does.
    fn listed(&mut self, kind: Kind) -> Kind {
        if self.cursor.comes_one_of(&[b"TABLE", b"TABLES", b"VIEW"]) {
            self.cursor.next();
            self.level.begin_tables();
        }
        self.plain(kind)
    }

    /// Reads the rest of a query.
    fn query(&mut self) -> Kind {
        self.rest();
        match (self.locks, self.selects_into) {
            (true, _) => Kind::LockingSelect,
            (false, true) => Kind::SelectInto,
            (false, false) => Kind::Select,
        }
    }

    /// Whether the parentheses that open here begin a query, however many there are.
    fn opens_query(&mut self) -> bool {
        let mut place = 0;
        while let Some(next) = self.cursor.peek(place)
            && next.is_sign(b'(')
            && place < MOST_OPEN
        {
            place += 1;
        }
        let first = self.cursor.peek(place);
        first.is_some_and(|first| first.is_one_of(QUERIES))
    }

    fn with(&mut self) -> Kind {
        self.with_clause();
        let Some(first) = self.cursor.next() else {
            return Kind::Unknown;
        };
        match first.word() {
            b"UPDATE" => self.update(),
            b"DELETE" => self.delete(),
            word if QUERIES.contains(&word) || first.is_sign(b'(') => {
                self.step(&first);
                self.query()
            }
            _ if first.is_sign(b';') => Kind::Unknown,
            _ => self.plain(Kind::Unknown),
        }
    }

    fn insert(&mut self, kind: Kind) -> Kind {
        self.cursor.skip_all_of(&[
            b"LOW_PRIORITY",
            b"DELAYED",
            b"HIGH_PRIORITY",
            b"IGNORE",
            b"INTO",
        ]);
        self.next_table();
        self.plain(kind)
    }

    fn update(&mut self) -> Kind {
        self.cursor.skip_all_of(&[b"LOW_PRIORITY", b"IGNORE"]);
        self.level.begin_tables();
        self.plain(Kind::Update)
    }

    fn delete(&mut self) -> Kind {
        self.deletes = true;
        self.level.begin_select();
        self.plain(Kind::Delete)
    }

    fn load(&mut self) -> Kind {
        if !self.cursor.comes(b"INDEX") {
            return self.plain(Kind::Load);
        }
        self.skip_to(&[b"CACHE"]);
        self.level.begin_tables();
        self.plain(Kind::Admin)
    }

    fn handler(&mut self) -> Kind {
        if let Some(first) = self.cursor.next()
            && let Some(table) = self.name(&first)
            // Elsewhere the name may be the alias that it was opened by.
            && self.cursor.comes(b"OPEN")
        {
            self.note(table);
        }
        self.plain(Kind::Handler)
    }

    fn set(&mut self) -> Kind {
        let is_name = |next: &Lexeme| next.is(b"ROLE");
        let is_account = self.cursor.comes(b"PASSWORD")
            || (self.cursor.comes(b"DEFAULT") && self.cursor.peek(1).is_some_and(is_name));
        self.plain(if is_account { Kind::Account } else { Kind::Set })
    }

    /// Whether a SET is MariaDB's `SET STATEMENT a = 1 FOR …`.
    fn sets_for_statement(&mut self) -> bool {
        let is_name = |next: &Lexeme| next.is_name();
        self.cursor.comes(b"STATEMENT") && self.cursor.peek(1).is_some_and(is_name)
    }

    fn show(&mut self) -> Kind {
        self.cursor.skip_all_of(&[b"FULL", b"EXTENDED"]);
        let objects: &[&[u8]] = &[b"TABLE", b"VIEW", b"SEQUENCE"];
        let parts: &[&[u8]] = &[b"COLUMNS", b"FIELDS", b"INDEX", b"INDEXES", b"KEYS"];
        if self.cursor.skip(b"CREATE") {
            if self.cursor.comes_one_of(objects) {
                self.cursor.next();
                self.next_table();
            }
        } else if self.cursor.comes_one_of(parts) {
            self.cursor.next();
            if self.cursor.comes_one_of(&[b"FROM", b"IN"]) {
                self.cursor.next();
                self.table_in_schema();
            }
        } else {
            // `SHOW TABLE STATUS`
            self.cursor.skip(b"TABLE");
        }
        self.plain(Kind::Show)
    }

    /// Notes a table whose schema may stand behind it: `FROM orders FROM shop`.
    fn table_in_schema(&mut self) {
        let Some(first) = self.cursor.next().filter(Lexeme::is_name) else {
            return;
        };
        let Some(mut table) = self.name(&first) else {
            return;
        };
        if self.cursor.comes_one_of(&[b"FROM", b"IN"]) {
            self.cursor.next();
            if let Some(schema) = self.cursor.next().filter(Lexeme::is_name) {
                table.schema = Some(self.cursor.content(&schema));
            }
        }
        self.note(table);
    }

    /// Goes behind what stands between EXPLAIN and its statement.
    fn explain_options(&mut self) {
        while let Some(next) = self.cursor.peek(0).cloned() {
            let words = match next.word() {
                b"EXTENDED" | b"PARTITIONS" | b"ANALYZE" => 1,
                b"FORMAT" if self.cursor.peek(1).is_some_and(|next| next.is_sign(b'=')) => 3,
                // The variable that gets the plan.
                b"INTO" => 3,
                b"FOR" if self.cursor.peek(1).is_some_and(is_schema) => 3,
                _ => return,
            };
            self.cursor.skip_tokens(words);
        }
    }

    fn comes_statement(&mut self) -> bool {
        let first = self.cursor.peek(0);
        first.is_some_and(|first| {
            first.is_one_of(QUERIES)
                || first.is_sign(b'(')
                || first.is_one_of(&[b"INSERT", b"REPLACE", b"UPDATE", b"DELETE"])
        })
    }

    /// Whether an ANALYZE is MariaDB's of a statement.
    fn analyzes_statement(&mut self) -> bool {
        self.cursor.comes(b"FORMAT") || self.comes_statement() && !self.cursor.comes(b"TABLE")
    }

    /// EXPLAIN of what is no statement: a table, or a connection.
    fn describe(&mut self) -> Kind {
        if self.cursor.comes(b"FOR") {
            return self.plain(Kind::Explain);
        }
        self.next_table();
        self.plain(Kind::Show)
    }
}

fn is_schema(next: &Lexeme) -> bool {
    next.is_one_of(&[b"SCHEMA", b"DATABASE"])
}

/// How queries begin.
const QUERIES: &[&[u8]] = &[b"SELECT", b"TABLE", b"VALUES", b"WITH"];

/// How many parentheses are looked through for the beginning of a query.
const MOST_OPEN: usize = 100;
