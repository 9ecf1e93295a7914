//! SET, and SET STATEMENT of MariaDB.

mod follow;

use std::ops::Range;

use crate::TokenKind;
use crate::effects::functions::{Form, is_built_in};
use crate::effects::variables::Ended;
use crate::effects::{Assignment, Effect, Scope, Value};
use crate::lexeme::Lexeme;

/// Where in a SET the text is.
#[derive(Debug, Default)]
pub(in crate::effects) struct Set {
    part: Part,
    /// Whether it is a SET STATEMENT.
    is_for_statement: bool,
    /// The scope that was named last, which counts for all names without one that follow.
    named: Option<Scope>,
    /// The variable whose value comes.
    scope: Option<Scope>,
    name: Vec<u8>,
    value: Given,
    depth: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// Behind SET: what is set comes.
    #[default]
    First,
    /// A variable comes.
    Variable,
    /// In a variable that begins with `@`.
    Marked,
    /// Behind a name: a point or the operator comes.
    Named,
    /// Behind the point in a name.
    Point,
    /// The operator comes, or its second sign.
    Operator,
    /// In a value.
    Value,
    /// In the options of a transaction.
    Transaction,
}

/// The tokens of a value.
#[derive(Debug, Default)]
struct Given {
    /// The kinds of the first three.
    first: [Option<TokenKind>; 3],
    range: Option<Range<usize>>,
    /// How many there are.
    count: usize,
}

impl Set {
    pub(in crate::effects) fn awaits_operator(&self) -> bool {
        self.part == Part::Operator
    }

    /// Takes a variable that has ended.
    pub(in crate::effects) fn ended(&mut self, variable: Ended) {
        if self.part != Part::Marked {
            return;
        }
        self.part = Part::Operator;
        (self.scope, self.name) = match variable {
            Ended::User(name) => (Some(Scope::User), name),
            Ended::System(system) => {
                let scope = match system.qualifier.as_deref() {
                    Some(b"session" | b"local") => Some(Scope::Session),
                    Some(b"global") => Some(Scope::Global),
                    Some(b"persist") => Some(Scope::Persist),
                    Some(b"persist_only") => Some(Scope::PersistOnly),
                    // A part of the name, as in `@@component.variable`.
                    Some(_) => None,
                    None if OF_TRANSACTIONS.contains(&system.name.as_slice()) => {
                        Some(Scope::NextTransaction)
                    }
                    None => Some(Scope::Session),
                };
                (scope, system.name)
            }
        };
    }
}

impl Given {
    fn see(&mut self, next: &Lexeme) {
        if let Some(place) = self.first.get_mut(self.count) {
            *place = Some(next.kind());
        }
        self.count += 1;
        let start = self
            .range
            .as_ref()
            .map_or(next.range().start, |range| range.start);
        self.range = Some(start..next.range().end);
    }
}

/// Variables that count for the next transaction alone if they are written as `@@name`.
const OF_TRANSACTIONS: &[&[u8]] = &[
    b"transaction_isolation",
    b"tx_isolation",
    b"transaction_read_only",
    b"tx_read_only",
];

/// Keywords that are values of variables.
const WORDS: &[&[u8]] = &[
    b"ON", b"OFF", b"TRUE", b"FALSE", b"NULL", b"ALL", b"BINARY", b"ROW", b"SYSTEM",
];
