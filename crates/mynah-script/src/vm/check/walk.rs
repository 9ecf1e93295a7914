use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use boa_engine::interner::{Interner, Sym};

use super::scopes::Scopes;

/// Something that keeps a script from being cleared.
#[derive(Debug)]
pub(super) struct Unclean {
    pub(super) what: String,
    pub(super) line: Option<u32>,
}

impl Unclean {
    /// With the place.
    pub(super) fn located(self, path: &Path) -> String {
        match self.line {
            Some(line) => super::located(path, &self.what, line),
            None => format!("{}, in {}", self.what, super::name(path)),
        }
    }
}

pub(super) type Flow = ControlFlow<Unclean>;
pub(super) const ON: Flow = ControlFlow::Continue(());

/// A walk through a script.
pub(super) struct Check<'a> {
    pub(super) interner: &'a Interner,
    pub(super) is_module: bool,
    pub(super) scopes: Scopes,
    /// Functions that are called with `new`, or have methods.
    pub(super) constructors: HashSet<Sym>,
    pub(super) requires: Vec<String>,
    pub(super) strict: bool,
    /// Whether `this` can't be the global object.
    pub(super) own_this: bool,
    /// Whether the next function is a method.
    pub(super) method_follows: bool,
    /// How many functions are around this place.
    pub(super) depth: usize,
    pub(super) line: u32,
}
