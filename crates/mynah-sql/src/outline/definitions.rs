//! Statements that define tables and accounts.

use super::StatementKind as Kind;
use super::walk::Walk;
use crate::lexeme::Lexeme;

impl Walk<'_> {
    pub(super) fn create(&mut self) -> Kind {
        match self.object() {
            Object::Table => {
                self.cursor.skip_all_of(EXISTS);
                self.next_table();
                self.like();
                self.defined()
            }
            Object::Named => {
                self.cursor.skip_all_of(EXISTS);
                self.next_table();
                self.plain(Kind::Ddl)
            }
            Object::Index => self.on_table(),
            Object::Trigger => {
                if self.skip_to(&[b"ON"]) {
                    self.next_table();
                }
                self.skip_text();
                Kind::Ddl
            }
            object => self.other(object),
        }
    }

    pub(super) fn alter(&mut self) -> Kind {
        match self.object() {
            Object::Table => {
                self.cursor.skip_all_of(EXISTS);
                self.next_table();
                self.defined()
            }
            Object::Named => {
                self.cursor.skip_all_of(EXISTS);
                self.next_table();
                self.plain(Kind::Ddl)
            }
            object => self.other(object),
        }
    }

    pub(super) fn drop(&mut self) -> Kind {
        match self.object() {
            Object::Table | Object::Named => {
                self.cursor.skip_all_of(EXISTS);
                self.level.begin_tables();
                self.plain(Kind::Ddl)
            }
            Object::Index => self.on_table(),
            Object::Program | Object::Trigger => self.plain(Kind::Ddl),
            Object::Prepared => self.plain(Kind::Deallocate),
            object => self.other(object),
        }
    }

    pub(super) fn rename_all(&mut self) -> Kind {
        match self.object() {
            Object::Table => {
                self.cursor.skip_all_of(EXISTS);
                self.defines_tables = true;
                self.level.begin_tables();
                self.plain(Kind::Ddl)
            }
            object => self.other(object),
        }
    }

    /// GRANT or REVOKE.
    pub(super) fn grant(&mut self) -> Kind {
        let is_proxy = self.cursor.comes(b"PROXY");
        if !is_proxy && self.drain_to(b"ON") {
            self.cursor.skip(b"TABLE");
            let of_program = self
                .cursor
                .comes_one_of(&[b"PROCEDURE", b"FUNCTION", b"PACKAGE"])
                && self
                    .cursor
                    .peek(1)
                    .is_some_and(|next| next.is_name() && !next.is_one_of(&[b"TO", b"FROM"]));
            if !of_program {
                self.next_table();
            }
        }
        self.drain();
        Kind::Account
    }

    /// The rest of a definition of a table.
    fn defined(&mut self) -> Kind {
        self.defines_tables = true;
        self.plain(Kind::Ddl)
    }

    /// The table that CREATE TABLE copies, with or without parentheses.
    fn like(&mut self) {
        let is_like = |next: &Lexeme| next.is(b"LIKE");
        if self.cursor.comes_sign(b'(') && self.cursor.peek(1).is_some_and(is_like) {
            self.cursor.next();
            self.cursor.next();
            self.next_table();
            self.cursor.next();
        } else if self.cursor.skip(b"LIKE") {
            self.next_table();
        }
    }

    /// Of an index: its table stands behind ON.
    fn on_table(&mut self) -> Kind {
        if self.skip_to(&[b"ON"]) {
            self.next_table();
        }
        self.plain(Kind::Ddl)
    }

    fn other(&mut self, object: Object) -> Kind {
        match object {
            Object::Program | Object::Trigger => {
                self.skip_text();
                Kind::Ddl
            }
            Object::Account => self.plain(Kind::Account),
            Object::Server => self.plain(Kind::Admin),
            Object::Prepared => self.plain(Kind::Unknown),
            _ => self.plain(Kind::Ddl),
        }
    }

    /// Reads up to the word for what is defined, and goes behind it.
    fn object(&mut self) -> Object {
        for _ in 0..MOST_WORDS {
            let Some(next) = self.cursor.peek(0) else {
                return Object::Other;
            };
            let object = match next.word() {
                b"TABLE" | b"TABLES" => Object::Table,
                b"VIEW" | b"SEQUENCE" => Object::Named,
                b"INDEX" => Object::Index,
                b"TRIGGER" => Object::Trigger,
                b"PROCEDURE" | b"FUNCTION" | b"EVENT" | b"PACKAGE" => Object::Program,
                b"USER" | b"ROLE" => Object::Account,
                b"INSTANCE" => Object::Server,
                b"PREPARE" => Object::Prepared,
                b"DEFINER" => {
                    self.cursor.next();
                    self.definer();
                    continue;
                }
                b"ALGORITHM" => {
                    self.cursor.skip_tokens(3);
                    continue;
                }
                word if MODIFIERS.contains(&word) => {
                    self.cursor.next();
                    continue;
                }
                _ => return Object::Other,
            };
            self.cursor.next();
            // Words between the object and its name.
            if object == Object::Table {
                self.cursor.skip_all_of(&[b"IGNORE"]);
            }
            return object;
        }
        Object::Other
    }

    /// Goes behind `= 'user'@'host'`, or what else names a definer.
    fn definer(&mut self) {
        if !self.cursor.comes_sign(b'=') {
            return;
        }
        self.cursor.skip_tokens(2);
        for sign in [b'@', b'('] {
            if self.cursor.comes_sign(sign) {
                self.cursor.skip_tokens(2);
            }
        }
    }
}

/// What a definition is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    Table,
    /// A view or a sequence, which statements use like a table.
    Named,
    Index,
    Trigger,
    /// Has a body of statements.
    Program,
    Account,
    Server,
    Prepared,
    Other,
}

const EXISTS: &[&[u8]] = &[b"IF", b"NOT", b"EXISTS"];

/// Words that stand in front of what is defined.
const MODIFIERS: &[&[u8]] = &[
    b"OR",
    b"REPLACE",
    b"TEMPORARY",
    b"UNIQUE",
    b"FULLTEXT",
    b"SPATIAL",
    b"VECTOR",
    b"ONLINE",
    b"OFFLINE",
    b"IGNORE",
    b"AGGREGATE",
    b"SQL",
    b"SECURITY",
    b"INVOKER",
    b"JSON",
    b"RELATIONAL",
    b"DUALITY",
    b"MATERIALIZED",
];

/// How many words are looked at for what is defined.
const MOST_WORDS: usize = 16;
