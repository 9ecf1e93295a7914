//! CREATE, ALTER and DROP.

mod follow;

use crate::effects::Effect;
use crate::lexeme::Lexeme;

/// Where in a definition the text is.
#[derive(Debug)]
pub(in crate::effects) struct Define {
    verb: Verb,
    is_temporary: bool,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Create,
    Alter,
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Before the word for what is defined.
    Object,
    /// In the value behind `DEFINER =` or `ALGORITHM =`.
    Value,
    /// In the definition of a table, up to a query.
    Table,
    /// In the query of a table's definition, which is run.
    Query,
    /// In a definition in which nothing is run.
    Rest,
    /// In that of a program: its statements aren't run.
    Program,
}

impl Define {
    pub(in crate::effects) fn of_create() -> Self {
        Self::of(Verb::Create)
    }

    pub(in crate::effects) fn of_alter() -> Self {
        Self::of(Verb::Alter)
    }

    pub(in crate::effects) fn of_drop() -> Self {
        Self::of(Verb::Drop)
    }

    fn of(verb: Verb) -> Self {
        Self {
            verb,
            is_temporary: false,
            part: Part::Object,
        }
    }

    pub(in crate::effects) fn counts_calls(&self) -> bool {
        self.part == Part::Query
    }
}
