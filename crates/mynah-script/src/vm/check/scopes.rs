use std::collections::HashSet;

use boa_engine::interner::Sym;

/// The names that are declared around a place of a script, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scopes(Vec<HashSet<Sym>>);

impl Scopes {
    pub(super) fn push(&mut self, names: impl IntoIterator<Item = Sym>) {
        self.0.push(names.into_iter().collect());
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn declares(&self, name: Sym) -> bool {
        self.0.iter().rev().any(|names| names.contains(&name))
    }
}
