use super::level::Level;
use super::{Outline, StatementKind, TableName};
use crate::cursor::Cursor;
use crate::lexeme::Lexeme;

/// Walks over a statement's tokens and gathers its tables.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) cursor: Cursor<'a>,
    /// The text between the parentheses that were opened last, or outside of all.
    pub(super) level: Level,
    /// What is around that.
    pub(super) outer: Vec<Level>,
    tables: Vec<TableName>,
    has_more_tables: bool,
    /// How many tables there were when the list that is open began.
    listed_from: usize,
    pub(super) locks: bool,
    pub(super) selects_into: bool,
    /// Whether it defines tables, so that keys and merged tables name further ones.
    pub(super) defines_tables: bool,
    /// Whether it is a DELETE, whose USING has the tables.
    pub(super) deletes: bool,
    is_lost: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(cursor: Cursor<'a>) -> Self {
        Self {
            cursor,
            level: Level::default(),
            outer: Vec::new(),
            tables: Vec::new(),
            has_more_tables: false,
            listed_from: 0,
            locks: false,
            selects_into: false,
            defines_tables: false,
            deletes: false,
            is_lost: false,
        }
    }

    /// The outline, and the text, of which all is read.
    pub(super) fn outline(mut self) -> (Outline, Cursor<'a>) {
        let mut kind = StatementKind::Empty;
        while let Some(first) = self.cursor.next() {
            if first.is_sign(b';') {
                continue;
            }
            self.begin();
            let found = self.statement(first);
            kind = match kind {
                StatementKind::Empty => found,
                _ => StatementKind::Several,
            };
        }
        if self.cursor.is_torn() || self.is_lost {
            return (Outline::default(), self.cursor);
        }
        let outline = Outline {
            kind,
            tables: self.tables,
            has_more_tables: self.has_more_tables,
        };
        (outline, self.cursor)
    }

    fn begin(&mut self) {
        self.outer.clear();
        self.level = Level::default();
        (self.locks, self.selects_into) = (false, false);
        (self.defines_tables, self.deletes) = (false, false);
    }

    /// Reads the statement to its end.
    pub(super) fn rest(&mut self) {
        while let Some(next) = self.cursor.next() {
            if next.is_sign(b';') {
                return;
            }
            self.step(&next);
        }
    }

    /// Reads up to a word of a statement without tables, and goes behind it. Returns whether there is one.
    pub(super) fn drain_to(&mut self, word: &[u8]) -> bool {
        while let Some(next) = self.cursor.peek(0)
            && !next.is_sign(b';')
        {
            let is_wanted = next.is(word);
            self.cursor.next();
            if is_wanted {
                return true;
            }
        }
        false
    }

    /// Reads the rest of a statement without tables.
    pub(super) fn drain(&mut self) {
        while self.cursor.peek(0).is_some_and(|next| !next.is_sign(b';')) {
            self.cursor.next();
        }
    }

    /// Reads all text that is left: it may be the body of a procedure, which has statements of its own.
    pub(super) fn skip_text(&mut self) {
        while self.cursor.next().is_some() {}
    }

    /// Reads up to one of these words outside of parentheses, and goes behind it. Returns whether there is one.
    pub(super) fn skip_to(&mut self, words: &[&[u8]]) -> bool {
        while let Some(next) = self.cursor.peek(0) {
            if next.is_sign(b';') {
                return false;
            }
            let is_wanted = next.is_one_of(words);
            let Some(next) = self.cursor.next() else {
                return false;
            };
            if is_wanted && self.outer.is_empty() {
                return true;
            }
            self.step(&next);
        }
        false
    }

    pub(super) fn step(&mut self, next: &Lexeme) {
        if self.is_lost || self.in_with(next) {
            return;
        }
        match next.sign() {
            Some(b'(') => return self.open(),
            Some(b')') => return self.close(),
            Some(b',') => {
                let level = &mut self.level;
                level.expects_table = level.lists_tables;
                return;
            }
            // `{ OJ a LEFT JOIN b … }`
            Some(b'{') if self.level.expects_table => {
                self.cursor.skip(b"OJ");
                return;
            }
            _ => {}
        }
        if self.keyword(next) {
            return;
        }
        if std::mem::take(&mut self.level.expects_table) && next.is_name() {
            self.table(next);
        }
    }

    pub(super) fn open(&mut self) {
        if self.outer.len() >= DEEPEST {
            self.is_lost = true;
            return;
        }
        let inner = match std::mem::take(&mut self.level.expects_table) {
            true => Level::of_tables(),
            false => Level::default(),
        };
        self.outer.push(std::mem::replace(&mut self.level, inner));
    }

    fn close(&mut self) {
        if let Some(outer) = self.outer.pop() {
            self.level = outer;
        }
        self.level.end_query();
    }

    /// Follows a word that begins or ends a list of tables. Returns whether it is one.
    fn keyword(&mut self, next: &Lexeme) -> bool {
        match next.word() {
            b"" => return false,
            b"SELECT" => self.level.begin_select(),
            b"FROM" => {
                if self.level.awaits_from {
                    self.listed_from = self.tables.len();
                    self.level.begin_tables();
                }
            }
            b"JOIN" | b"STRAIGHT_JOIN" => {
                let level = &mut self.level;
                level.expects_table = level.lists_tables;
                level.has_join = true;
            }
            b"TABLE" | b"REFERENCES" => self.level.expects_table = true,
            b"WITH" => {
                if self.comes_with() {
                    self.begin_with();
                } else {
                    self.level.end_tables();
                }
            }
            b"USING" if self.deletes && self.outer.is_empty() && !self.level.has_join => {
                // The names in front are repeated here, or are aliases of those here.
                self.tables.truncate(self.listed_from);
                self.level.begin_tables();
            }
            b"FOR" => {
                self.locks |= self.cursor.comes_one_of(&[b"UPDATE", b"SHARE"]);
                if !self.cursor.comes(b"SYSTEM_TIME") {
                    self.level.end_tables();
                }
            }
            b"LOCK" => {
                let is_mode = |next: &Lexeme| next.is(b"SHARE");
                self.locks |= self.cursor.comes(b"IN") && self.cursor.peek(1).is_some_and(is_mode);
                self.level.end_tables();
            }
            b"INTO" => {
                self.selects_into = true;
                self.level.end_tables();
            }
            b"ON" => {
                if self.cursor.comes(b"DUPLICATE") {
                    self.level.end_tables();
                }
                self.level.expects_table = false;
            }
            b"USE" | b"FORCE" | b"IGNORE" if self.cursor.comes_one_of(&[b"INDEX", b"KEY"]) => {
                self.level.expects_table = false;
                self.cursor.next();
                // `FOR JOIN`, `FOR ORDER BY` and `FOR GROUP BY` say what the index is for.
                if self.cursor.skip(b"FOR") {
                    self.cursor.next();
                    self.cursor.skip(b"BY");
                }
            }
            b"TO" if self.defines_tables && self.level.lists_tables => {
                self.level.expects_table = true;
            }
            b"RENAME" if self.defines_tables => self.rename(),
            b"UNION" if self.defines_tables && self.comes_merged() => {
                self.level.expects_table = true;
            }
            b"LATERAL" if self.level.expects_table => {}
            b"DUAL" if self.level.expects_table => self.level.expects_table = false,
            b"RETURNING" | b"WINDOW" if !self.level.expects_table => self.level.end_tables(),
            word if ENDS.contains(&word) => self.level.end_tables(),
            _ => return false,
        }
        true
    }

    /// Whether the list of a merge table's tables comes.
    fn comes_merged(&mut self) -> bool {
        if self.cursor.comes_sign(b'=') {
            self.cursor.next();
            return true;
        }
        let is_query = |next: &Lexeme| next.is_sign(b'(') || next.is(b"SELECT");
        self.cursor.comes_sign(b'(') && !self.cursor.peek(1).is_some_and(is_query)
    }

    /// Behind RENAME in an ALTER TABLE.
    fn rename(&mut self) {
        let parts: [&[u8]; 5] = [b"COLUMN", b"INDEX", b"KEY", b"CONSTRAINT", b"PARTITION"];
        if self.cursor.comes_one_of(&parts) {
            return;
        }
        self.cursor.skip_all_of(&[b"TO", b"AS"]);
        if self.cursor.comes_sign(b'=') {
            self.cursor.next();
        }
        self.level.expects_table = true;
    }

    /// Reads the table whose name comes, and notes it.
    pub(super) fn next_table(&mut self) {
        if self.cursor.peek(0).is_some_and(Lexeme::is_name)
            && let Some(first) = self.cursor.next()
            && let Some(table) = self.name(&first)
        {
            self.note(table);
        }
    }

    /// A table of a query, by the beginning of its name.
    fn table(&mut self, first: &Lexeme) {
        let Some(table) = self.name(first) else {
            return;
        };
        // A function that returns a table.
        if self.level.lists_tables && self.cursor.comes_sign(b'(') {
            return;
        }
        if table.schema.is_some() || !self.is_defined(&table.name) {
            self.note(table);
        }
    }

    /// The name of a table by its first part; `None` for `schema.*`.
    pub(super) fn name(&mut self, first: &Lexeme) -> Option<TableName> {
        let first = self.cursor.content(first);
        if !self.cursor.comes_sign(b'.') {
            return Some(TableName {
                schema: None,
                name: first,
            });
        }
        self.cursor.next();
        let second = self.cursor.peek(0).filter(|next| next.is_name()).cloned()?;
        self.cursor.next();
        Some(TableName {
            schema: Some(first),
            name: self.cursor.content(&second),
        })
    }

    pub(super) fn note(&mut self, table: TableName) {
        if self.tables.contains(&table) {
            return;
        }
        if self.tables.len() < MOST_TABLES {
            self.tables.push(table);
        } else {
            self.has_more_tables = true;
        }
    }
}

/// Words that end a list of tables and are no names without quotes.
const ENDS: &[&[u8]] = &[
    b"WHERE",
    b"GROUP",
    b"HAVING",
    b"ORDER",
    b"LIMIT",
    b"UNION",
    b"EXCEPT",
    b"INTERSECT",
    b"SET",
    b"VALUES",
    b"UPDATE",
    b"DROP",
    b"PROCEDURE",
];

/// How many parentheses may be open. Servers have a limit of the kind, which is the size of their stack.
const DEEPEST: usize = 1000;

/// How many tables of a statement are noted.
const MOST_TABLES: usize = 256;
