//! What a statement does, by its first words.

mod follow;

use crate::effects::define::Define;
use crate::effects::set::Set;
use crate::effects::variables::Ended;
use crate::effects::{Effect, Effects};
use crate::lexeme::Lexeme;

/// Where in its statement the text is.
#[derive(Debug, Default)]
pub(in crate::effects) enum Stage {
    /// Before its first word.
    #[default]
    Start,
    /// Behind a parenthesis that opens the statement: a query comes.
    Query,
    /// Behind EXPLAIN and the like: the statement that is explained may come, or the name of a table.
    Explain,
    /// In a statement whose further words matter no more.
    Rest,
    /// Behind a word whose next word decides.
    After(Verb),
    /// Before or in the name of a table or a procedure, of which a list in parentheses may come.
    Name {
        is_named: bool,
    },
    /// In LOAD DATA, up to its SET.
    Load,
    /// In GET DIAGNOSTICS.
    Diagnostics,
    /// In ANALYZE of a table.
    Analyze,
    /// Behind BEGIN.
    Begin,
    /// In a COMMIT or ROLLBACK.
    Finish(Finish),
    /// In FLUSH.
    Flush,
    /// In SHOW.
    Show,
    /// In a statement about accounts.
    Account,
    /// In SET PASSWORD, or a SET DEFAULT ROLE, which names no account so far.
    OwnAccount,
    Define(Define),
    Set(Set),
}

/// A word whose next word decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::effects) enum Verb {
    Analyze,
    Backup,
    BackupStage,
    Load,
    Lock,
    Rename,
    Start,
    Unlock,
    Use,
    Xa,
}

/// The words of a COMMIT or ROLLBACK.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::effects) struct Finish {
    chains: bool,
    releases: bool,
    is_to_savepoint: bool,
}

impl Stage {
    /// Whether a name before parentheses is a call here.
    pub(in crate::effects) fn counts_calls(&self) -> bool {
        match self {
            Self::Name { .. } | Self::Load | Self::Analyze | Self::Account | Self::OwnAccount => {
                false
            }
            Self::Define(define) => define.counts_calls(),
            _ => true,
        }
    }

    /// Whether each user variable here is one that is set.
    pub(in crate::effects) fn assigns_user_variables(&self) -> bool {
        matches!(self, Self::Load | Self::Diagnostics)
    }

    /// Whether `:=` may come that stands between a variable of a SET and its value.
    pub(in crate::effects) fn awaits_operator(&self) -> bool {
        matches!(self, Self::Set(set) if set.awaits_operator())
    }
}

impl Finish {
    fn add_to(self, effects: &mut Effects) {
        effects.add(match self {
            Self {
                is_to_savepoint: true,
                ..
            } => Effect::Savepoint,
            Self { chains: true, .. } => Effect::Chain,
            _ => Effect::End,
        });
        if self.releases && !self.is_to_savepoint {
            effects.add(Effect::Release);
        }
    }
}
