//! What a script says, read from JSON or from JavaScript objects by the same rules. [`Document`] is the part
//! that differs.

mod account;
mod cell;
mod cell_type;
mod completion;
mod entry;
mod expected;
mod failure;
mod fault;
mod field;
mod greeting;
mod handshake;
mod inferred;
mod json;
mod key;
mod kind;
mod local_infile;
mod misfit;
mod moment;
mod notice;
mod optional;
mod packets;
mod prepared;
mod resultset;
mod rows;
mod sections;
mod session_tracker;
mod sql_type;
mod value_kind;

use std::sync::Arc;

use bytes::Bytes;
use mynah_session::RowSource;

pub(crate) use entry::{Defaults, Entry, entry};
pub(crate) use expected::{Expected, expected};
pub(crate) use handshake::{Handshake, handshake};
pub(crate) use json::Json;
pub(crate) use key::{Key, Keys, every_key, keys};
pub(crate) use kind::Kind;
pub(crate) use misfit::Misfit;
pub(crate) use notice::notices;
pub(crate) use resultset::{column_type_names, named_or_sql_type};
pub(crate) use rows::{RowColumn, RowReader, own_error};
pub(crate) use sections::{Sections, sections};
pub(crate) use sql_type::SqlType;

/// A way to look at values: those of a JSON file, or those of a script.
pub(crate) trait Document {
    /// A value. A clone is the same value.
    type Value: Clone;
    /// Why a value could not be looked at, or isn't what it must be.
    type Error: From<Misfit>;

    /// How this kind of script differs from others.
    const DIALECT: Dialect;

    /// What stands under `key` of an object; undefined if nothing does.
    fn get(&mut self, object: &Self::Value, key: Key) -> Result<Self::Value, Self::Error>;

    /// Keys that an object certainly lacks: [`get`](Self::get) returns undefined for them. May leave keys out.
    fn absent(&self, _object: &Self::Value) -> Keys {
        Keys::default()
    }

    /// Whether an object has `key`, be it undefined.
    fn has(&mut self, object: &Self::Value, key: Key) -> Result<bool, Self::Error>;

    /// The names of an object's own keys, in their order.
    fn names(&mut self, object: &Self::Value) -> Result<Vec<String>, Self::Error>;

    /// What stands under a name of an object that isn't one of a script's keys; undefined if nothing does.
    fn member(&mut self, object: &Self::Value, name: &str) -> Result<Self::Value, Self::Error>;

    /// How many elements an array has, holes included.
    fn len(&mut self, array: &Self::Value) -> Result<u64, Self::Error>;

    /// The first element of an array, at `next` or behind that, that isn't a hole; `next` is
    /// then what is behind it.
    fn next_element(
        &mut self,
        array: &Self::Value,
        next: &mut u64,
    ) -> Result<Option<Self::Value>, Self::Error>;

    /// Whether the script is played in compatible mode: only the protocol's names of types are known, rows are
    /// arrays, and cells are what `String()` says.
    fn is_compatible(&self) -> bool;

    /// What kind of value it is.
    fn kind(&self, value: &Self::Value) -> Kind;

    /// The bytes of a value that is nothing but bytes: a typed array, or a buffer.
    fn bytes(&mut self, _value: &Self::Value) -> Option<Bytes> {
        None
    }

    /// The milliseconds since 1970 of a value that is a moment.
    fn moment(&mut self, _value: &Self::Value) -> Option<f64> {
        None
    }

    /// The value as JSON.
    fn json(&mut self, value: &Self::Value) -> Result<String, Self::Error>;

    /// Where rows come from that are made as they are sent, if the value makes any.
    fn row_source(
        &mut self,
        _value: &Self::Value,
        _columns: &Arc<[RowColumn]>,
    ) -> Result<Option<RowSource>, Self::Error> {
        Ok(None)
    }

    /// The first rows of those that a value makes as they are sent, and whether there may be more; nothing if it makes
    /// none. [`row_source`](Self::row_source) of the same value begins with them.
    fn first_rows(
        &mut self,
        _value: &Self::Value,
    ) -> Result<Option<(Self::Value, bool)>, Self::Error> {
        Ok(None)
    }

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

/// A number of a script.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A whole number, not negative.
    Unsigned(u64),
    /// Any other.
    Float(f64),
}

/// What goes without saying in one kind of script.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Collation of a column that names none.
    pub(crate) character_set: u16,
    /// Whether the keys of the JSON scripts of 2018 mean something.
    pub(crate) json_keys: bool,
}
