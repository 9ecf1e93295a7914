use mynah_sql::{Outline, Reading, StatementKind, TableName, TokenKind, Tokens};

use crate::asks::Asks;
use crate::autocommit::autocommit;
use crate::kind::{Kind, Word, words};

/// What a text of one or several statements does, by their words.
#[derive(Clone, Debug)]
pub(crate) struct Effects {
    /// What it does as a whole.
    pub(crate) kind: Kind,
    pub(crate) asks: Asks,
    /// What it does to the session's transaction and to data, in order.
    pub(crate) steps: Vec<Step>,
    /// The data that it uses.
    pub(crate) uses: Tables,
}

/// What a statement does to the session's transaction, or to data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A transaction begins, which ends the one before.
    Begin,
    /// The transaction ends, and perhaps another one begins.
    Commit { chains: bool },
    /// The same, without the changes of the transaction.
    Rollback { chains: bool },
    /// Whether each statement is a transaction of its own.
    Autocommit(bool),
    /// Data in these tables may change.
    Change(Tables),
}

/// The tables of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tables {
    /// Those that it names.
    Named(Vec<TableName>),
    /// It may use any.
    Any,
}

impl Effects {
    /// Of a text. Whether `"` quotes names on the connection isn't known, so a text with `"` has the tables of both readings.
    pub(crate) fn of(text: &str, reading: Reading) -> Self {
        let mut effects = Self::as_read(text, reading);
        if !text.contains('"') {
            return effects;
        }
        let reading = Reading {
            ansi_quotes: !reading.ansi_quotes,
            ..reading
        };
        // A text in which a literal has no end is an error if it is read like that.
        if Outline::of(text.as_bytes(), reading).kind != StatementKind::Unknown {
            effects.or(Self::as_read(text, reading));
        }
        effects
    }

    fn as_read(text: &str, reading: Reading) -> Self {
        let whole = Outline::of(text.as_bytes(), reading);
        if whole.kind != StatementKind::Several {
            return Self::one(&whole, text, reading);
        }
        let mut all = None;
        for statement in statements(text, reading) {
            let outline = Outline::of(statement.as_bytes(), reading);
            if outline.kind == StatementKind::Empty {
                continue;
            }
            let next = Self::one(&outline, statement, reading);
            match &mut all {
                None => all = Some(next),
                Some(all) => all.add(next),
            }
        }
        all.unwrap_or_else(Self::nothing)
    }

    /// Of a text of which only the beginning is known.
    pub(crate) fn of_beginning(text: &str, reading: Reading) -> Self {
        let words = words(text, reading);
        let is_bare = words.len() <= BARE
            && !words.iter().any(|word| word.is(";"))
            && words.first().is_some_and(|word| word.is_one_of(ENDS));
        if is_bare {
            // A comment that has no end here has one in the rest.
            let last = Tokens::new(text.as_bytes(), reading).last();
            let end = last.map_or(0, |token| token.range.end);
            return Self::of(text.get(..end).unwrap_or_default(), reading);
        }
        // What isn't known may use and change anything.
        let mut effects = Self::unknown();
        let tokens = Tokens::new(text.as_bytes(), reading);
        let ends = tokens.filter(|token| token.kind == TokenKind::Sign(b';'));
        match ends.last() {
            Some(end) => {
                let whole = text.get(..end.range.end).unwrap_or_default();
                let known = Self::of(whole, reading);
                effects.asks = known.asks;
                effects.steps.splice(..0, known.steps);
            }
            None => effects.asks = Asks::of(&words),
        }
        effects
    }

    /// Of a statement whose text isn't known.
    pub(crate) fn unknown() -> Self {
        Self {
            kind: Kind::Changing,
            steps: vec![Step::Change(Tables::Any)],
            uses: Tables::Any,
            ..Self::nothing()
        }
    }

    /// Of a command of the X Plugin.
    pub(crate) fn of_admin(name: &str) -> Self {
        match Kind::of_admin(name) {
            Kind::Session => Self {
                kind: Kind::Session,
                ..Self::nothing()
            },
            Kind::Reading => Self {
                uses: Tables::Any,
                ..Self::nothing()
            },
            kind => Self {
                kind,
                steps: vec![Step::Change(Tables::Any), Step::Commit { chains: false }],
                uses: Tables::Any,
                ..Self::nothing()
            },
        }
    }

    fn nothing() -> Self {
        Self {
            kind: Kind::Reading,
            asks: Asks::default(),
            steps: Vec::new(),
            uses: Tables::none(),
        }
    }

    fn one(outline: &Outline, text: &str, reading: Reading) -> Self {
        let words = &words(text, reading);
        let kind = Kind::of(outline, words);
        let uses = used(outline, words);
        let mut steps = Vec::new();
        steps.extend(of_transaction(outline.kind, words));
        if outline.kind == StatementKind::Set {
            steps.extend(autocommit(text, reading).map(Step::Autocommit));
        }
        if matches!(
            outline.kind,
            StatementKind::Execute | StatementKind::Replication
        ) {
            steps.push(Step::Change(Tables::Any));
        }
        // What can't be undone ends the transaction before and behind it.
        let end = (kind == Kind::Committing).then_some(Step::Commit { chains: false });
        steps.extend(end.clone());
        if matches!(kind, Kind::Changing | Kind::Committing) {
            steps.push(Step::Change(changed(outline, &uses)));
        }
        steps.extend(end);
        Self {
            kind,
            asks: Asks::of(words),
            steps,
            uses,
        }
    }

    /// A further statement of the text. What it asks of the statement before it, it asks of the same text; for the last
    /// id that an insert generated, only if the text has changed something.
    fn add(&mut self, next: Self) {
        if self.steps.is_empty() && self.kind == Kind::Reading {
            self.asks.insert_id |= next.asks.insert_id;
        }
        self.kind = self.kind.max(next.kind);
        self.steps.extend(next.steps);
        self.uses = std::mem::replace(&mut self.uses, Tables::none()).and(next.uses);
    }

    /// The same text may also do this.
    fn or(&mut self, other: Self) {
        let is_alike = self.kind == other.kind && self.steps.len() == other.steps.len();
        let uses = std::mem::replace(&mut self.uses, Tables::Any);
        if !is_alike {
            self.steps.push(Step::Change(Tables::Any));
            return;
        }
        self.uses = uses.and(other.uses);
        for (step, other) in self.steps.iter_mut().zip(other.steps) {
            if let (Step::Change(tables), Step::Change(others)) = (step, other) {
                *tables = std::mem::replace(tables, Tables::Any).and(others);
            }
        }
    }
}

impl Tables {
    pub(crate) const fn none() -> Self {
        Self::Named(Vec::new())
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::Named(tables) if tables.is_empty())
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Named(mut tables), Self::Named(more)) => {
                for table in more {
                    if !tables.contains(&table) {
                        tables.push(table);
                    }
                }
                Self::Named(tables)
            }
            _ => Self::Any,
        }
    }

    /// Whether both may have a table in common.
    pub(crate) fn meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Named(tables), Self::Any) => !tables.is_empty(),
            (Self::Named(tables), Self::Named(others)) => {
                let mut tables = tables.iter();
                tables.any(|one| others.iter().any(|other| is_same(one, other)))
            }
        }
    }
}

/// Whether two names may be of one table. A name without a schema is of any schema.
fn is_same(one: &TableName, other: &TableName) -> bool {
    let schemas = one.schema.as_ref().zip(other.schema.as_ref());
    one.name.eq_ignore_ascii_case(&other.name)
        && schemas.is_none_or(|(one, other)| one.eq_ignore_ascii_case(other))
}

/// The statements of a text.
fn statements(text: &str, reading: Reading) -> impl Iterator<Item = &str> {
    let tokens = Tokens::new(text.as_bytes(), reading);
    let ends = tokens.filter(|token| token.kind == TokenKind::Sign(b';'));
    let mut from = 0;
    let mut bounds: Vec<_> = ends
        .map(|end| {
            let bounds = from..end.range.start;
            from = end.range.end;
            bounds
        })
        .collect();
    bounds.push(from..text.len());
    bounds.into_iter().filter_map(|bounds| text.get(bounds))
}

/// The tables that a statement uses.
fn used(outline: &Outline, words: &[Word]) -> Tables {
    match outline.kind {
        StatementKind::Use
        | StatementKind::Transaction
        | StatementKind::Xa
        | StatementKind::Lock
        | StatementKind::Diagnostics
        | StatementKind::Prepare
        | StatementKind::Deallocate
        | StatementKind::Kill => Tables::none(),
        StatementKind::Execute
        | StatementKind::Handler
        | StatementKind::Call
        | StatementKind::Unknown => Tables::Any,
        StatementKind::Show if lists_tables(words) => Tables::Any,
        _ if outline.has_more_tables || outline.tables.iter().any(is_of_system) => Tables::Any,
        _ => Tables::Named(outline.tables.clone()),
    }
}

/// The tables that a statement changes.
fn changed(outline: &Outline, uses: &Tables) -> Tables {
    match outline.kind {
        // They change no rows.
        StatementKind::Account | StatementKind::Admin | StatementKind::Flush => uses.clone(),
        _ if uses.is_none() => Tables::Any,
        _ => uses.clone(),
    }
}

/// Whether a SHOW is about tables, schemas or programs.
fn lists_tables(words: &[Word]) -> bool {
    let words = words.iter().skip(1);
    let mut words = words.skip_while(|word| word.is_one_of(&["FULL", "EXTENDED", "OPEN"]));
    words.next().is_some_and(|word| word.is_one_of(LISTED))
}

/// Whether a table of the server's own shows what the others are.
fn is_of_system(table: &TableName) -> bool {
    let schema = table.schema.as_deref().unwrap_or_default();
    let mut schemas = SYSTEM.iter();
    schemas.any(|name| schema.eq_ignore_ascii_case(name.as_bytes()))
}

/// What a statement does to the session's transaction.
fn of_transaction(kind: StatementKind, words: &[Word]) -> Option<Step> {
    let first = words.first()?;
    let second = words.get(1);
    let has = |wanted: &str| words.iter().any(|word| word.is(wanted));
    let chains = has("CHAIN") && !has("NO");
    match kind {
        StatementKind::Transaction if first.is_one_of(&["BEGIN", "START"]) => Some(Step::Begin),
        StatementKind::Transaction if first.is("COMMIT") => Some(Step::Commit { chains }),
        StatementKind::Transaction if first.is("ROLLBACK") && !has("TO") => {
            Some(Step::Rollback { chains })
        }
        StatementKind::Xa if second?.is_one_of(&["START", "BEGIN"]) => Some(Step::Begin),
        StatementKind::Xa if second?.is("COMMIT") => Some(Step::Commit { chains: false }),
        StatementKind::Xa if second?.is("ROLLBACK") => Some(Step::Rollback { chains: false }),
        StatementKind::Lock if first.is_one_of(&["LOCK", "UNLOCK"]) => {
            Some(Step::Commit { chains: false })
        }
        _ => None,
    }
}

/// Words that begin statements that only end or begin a transaction, or choose a schema.
const ENDS: &[&str] = &["BEGIN", "COMMIT", "ROLLBACK", "USE"];

/// How many tokens such a statement has at most: ROLLBACK AND CHAIN NO RELEASE.
const BARE: usize = 5;

const LISTED: &[&str] = &[
    "TABLES",
    "TABLE",
    "TRIGGERS",
    "EVENTS",
    "PROCEDURE",
    "FUNCTION",
    "DATABASES",
    "SCHEMAS",
    "CREATE",
    "GRANTS",
];

const SYSTEM: &[&str] = &["information_schema", "performance_schema", "mysql", "sys"];

#[cfg(test)]
mod tests;
