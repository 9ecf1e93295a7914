//! What a statement does to its session, by its tokens.

mod assignment;
mod calls;
mod define;
mod effect;
mod functions;
mod set;
mod stage;
mod tables;
#[cfg(test)]
mod tests;
mod variables;
mod watch;

pub use assignment::{Assignment, Scope, Value};
pub use effect::Effect;

use std::fmt;

pub(crate) use watch::Watch;

/// What a statement may do to its session, and asks of it: which variables it sets, whether it takes locks, begins a
/// transaction, makes a temporary table, asks for the result of the statement before, and so on. It is made of the
/// statement's tokens, without a parser. Of a text with several statements it has the effects of all.
///
/// ```
/// use mynah_sql::{Effect, Effects, Reading};
///
/// let sql = b"select @total := sum(price), get_lock('a', 1) from orders";
/// let effects = Effects::of(sql, Reading::default());
/// let names: Vec<_> = effects.iter().map(Effect::name).collect();
/// assert_eq!(names, ["user_variable", "named_lock"]);
/// assert_eq!(effects.assignments[0].to_string(), "@total");
/// assert!(Effects::of(b"select price from orders", Reading::default()).is_empty());
/// ```
///
/// What isn't known is never taken for nothing: a statement that isn't known, or in which the end of a literal isn't
/// certain, has [`Effect::Unknown`], and a function that isn't known to be built in [`Effect::UnknownFunction`]. Which
/// functions are built in is known of MySQL 9.7 and MariaDB from 10.11 to 11.8; for other versions, the same functions
/// count. What views, triggers and routines do can't be seen in a statement that only names them. Nor can that
/// statements begin a transaction while `autocommit` is off, and that some end one.
#[derive(Clone, PartialEq, Eq)]
pub struct Effects {
    /// The bits of the effects.
    set: u64,
    /// The variables that are set, in the order of the text; user variables once each. At most 256: with more, there is
    /// [`Effect::Unknown`], too.
    pub assignments: Vec<Assignment>,
    /// The schema that the last USE chooses, without quotes.
    pub schema: Option<Vec<u8>>,
}

impl Effects {
    /// No effect.
    pub const NONE: Self = Self {
        set: 0,
        assignments: Vec::new(),
        schema: None,
    };

    /// Whether there is this effect.
    #[must_use]
    pub fn has(&self, effect: Effect) -> bool {
        self.set & effect.bit() != 0
    }

    /// Whether there are no effects.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set == 0
    }

    /// The effects, each once.
    pub fn iter(&self) -> impl Iterator<Item = Effect> + use<> {
        let set = self.set;
        let all = Effect::ALL.iter().copied();
        all.filter(move |effect| set & effect.bit() != 0)
    }

    /// Whether the effects include all others. [`Effect::Unknown`] includes everything.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let has = |assignment| self.assignments.contains(assignment);
        self.has(Effect::Unknown)
            || (other.set & !self.set == 0 && other.assignments.iter().all(has))
    }

    /// Adds the effects of another text, or of the same text if it is read otherwise.
    pub fn join(&mut self, other: Self) {
        self.set |= other.set;
        self.schema = other.schema.or(self.schema.take());
        for assignment in other.assignments {
            self.assign(assignment);
        }
    }

    pub(super) fn add(&mut self, effect: Effect) {
        self.set |= effect.bit();
    }

    /// Notes a variable that is set, with the effect that this is.
    pub(super) fn assign(&mut self, assignment: Assignment) {
        self.add(match assignment.scope {
            Scope::Session => Effect::Variable,
            Scope::NextTransaction => Effect::NextTransaction,
            Scope::Global | Scope::Persist | Scope::PersistOnly => Effect::GlobalVariable,
            Scope::Statement => Effect::StatementVariable,
            Scope::User => Effect::UserVariable,
            Scope::Names | Scope::CharacterSet => Effect::CharacterSet,
        });
        let is_user = assignment.scope == Scope::User;
        let is_same = |other: &Assignment| match is_user {
            true => other.scope == Scope::User && other.name == assignment.name,
            false => *other == assignment,
        };
        if self.assignments.iter().any(is_same) {
            return;
        }
        match self.assignments.len() < MOST_ASSIGNMENTS {
            true => self.assignments.push(assignment),
            false => self.add(Effect::Unknown),
        }
    }
}

impl Default for Effects {
    /// The effects of a statement that isn't known: [`Effect::Unknown`].
    fn default() -> Self {
        Self {
            set: Effect::Unknown.bit(),
            ..Self::NONE
        }
    }
}

impl fmt::Debug for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effects")
            .field("set", &self.iter().collect::<Vec<_>>())
            .field("assignments", &self.assignments)
            .field("schema", &self.schema)
            .finish()
    }
}

/// How many assignments are noted.
const MOST_ASSIGNMENTS: usize = 256;
