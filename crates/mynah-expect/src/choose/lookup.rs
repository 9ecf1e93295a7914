use std::cell::OnceCell;

use crate::call::Call;
use crate::text::Spacing;

/// A statement that expectations are looked up for. What only some of them compare is made when it is needed.
#[derive(Debug)]
pub(crate) struct Lookup<'c> {
    pub(crate) call: &'c Call,
    /// Whether it is only prepared, so that its parameters aren't known.
    pub(crate) is_prepared_only: bool,
    joined: OnceCell<Vec<String>>,
    collapsed: OnceCell<Vec<String>>,
}

impl<'c> Lookup<'c> {
    pub(crate) fn new(call: &'c Call) -> Self {
        Self {
            call,
            is_prepared_only: false,
            joined: OnceCell::new(),
            collapsed: OnceCell::new(),
        }
    }

    pub(crate) fn prepared_only(call: &'c Call) -> Self {
        Self {
            is_prepared_only: true,
            ..Self::new(call)
        }
    }

    /// The same of another statement.
    pub(crate) fn of<'o>(&self, call: &'o Call) -> Lookup<'o> {
        Lookup {
            is_prepared_only: self.is_prepared_only,
            ..Lookup::new(call)
        }
    }

    /// The forms of the text that prefixes are looked for in.
    pub(crate) fn joined(&self) -> &[String] {
        self.joined.get_or_init(|| self.forms(Spacing::Joined))
    }

    /// The forms of the text that patterns are looked for in.
    pub(crate) fn collapsed(&self) -> &[String] {
        self.collapsed
            .get_or_init(|| self.forms(Spacing::Collapsed))
    }

    fn forms(&self, spacing: Spacing) -> Vec<String> {
        self.call.statement.forms(&self.call.params, spacing)
    }
}
