//! What a trace says, read from JSON or from a script's objects by the same rules.

mod account;
mod completion;
mod entry;
mod failure;
mod field;
mod greeting;
mod handshake;
mod json;
mod key;
mod kind;
mod misfit;
mod notice;
mod resultset;
mod sections;
mod session_tracker;

pub(crate) use entry::{Defaults, entry};
pub(crate) use handshake::{Handshake, handshake};
pub(crate) use json::Json;
pub(crate) use key::{Key, keys};
pub(crate) use kind::Kind;
pub(crate) use misfit::Misfit;
pub(crate) use notice::notices;
pub(crate) use sections::{Sections, sections};

/// A way to look at values: those of a JSON file, or those of a script.
pub(crate) trait Document {
    /// A value. A clone is the same value.
    type Value: Clone;
    /// Why a value could not be looked at, or isn't what it must be.
    type Error: From<Misfit>;

    /// How this kind of trace differs from others.
    const DIALECT: Dialect;

    /// What stands under `key` of an object; undefined if nothing does.
    fn get(&mut self, object: &Self::Value, key: Key) -> Result<Self::Value, Self::Error>;

    /// Whether an object has `key`, be it undefined.
    fn has(&mut self, object: &Self::Value, key: Key) -> Result<bool, Self::Error>;

    /// How many elements an array has, holes included.
    fn len(&mut self, array: &Self::Value) -> Result<u64, Self::Error>;

    /// The element of an array at `index`; undefined if that is a hole.
    fn element(&mut self, array: &Self::Value, index: u64) -> Result<Self::Value, Self::Error>;

    /// The first element of an array, at `next` or behind that, that isn't a hole; `next` is
    /// then what is behind it.
    fn next_element(
        &mut self,
        array: &Self::Value,
        next: &mut u64,
    ) -> Result<Option<Self::Value>, Self::Error>;

    /// What kind of value it is.
    fn kind(&self, value: &Self::Value) -> Kind;

    /// Whether the value is a coroutine: a thread, or a generator.
    fn is_coroutine(&self, _value: &Self::Value) -> bool {
        false
    }

    /// The value as a truth value, if it is one.
    fn boolean(&self, value: &Self::Value) -> Option<bool>;

    /// The value as a number, if it is one.
    fn number(&self, value: &Self::Value) -> Option<Number>;

    /// The value as text: of anything that isn't a string, what JavaScript's `String()` says.
    /// `read` is called with UTF-8, once.
    fn text<T>(
        &mut self,
        value: &Self::Value,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, Self::Error>;
}

/// A number of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A whole number, not negative.
    Unsigned(u64),
    /// Any other.
    Float(f64),
}

/// What goes without saying in one kind of trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Collation of a column that names none.
    pub(crate) character_set: u16,
    /// Whether the keys of the JSON traces of 2018 mean something.
    pub(crate) json_keys: bool,
}
