//! Serde for what a derive can't do: messages that are kept as bytes, codes with names, borrowed values.

mod kept;
mod lists;
mod parameters;
mod values;

use bytes::Bytes;
use mynah_wire::readable::{self, Text};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ColumnType;
use crate::command::{CommandCode, ShutdownLevel};
use crate::response::SqlState;
use crate::resultset::MetadataFollows;

mynah_wire::serde_by_name!(ColumnType, CommandCode, MetadataFollows, ShutdownLevel);

impl Serialize for SqlState {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        readable::text::serialize(&self.0, to)
    }
}

impl<'de> Deserialize<'de> for SqlState {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        readable::text::deserialize(from).map(Self)
    }
}

/// Bytes that are text in general, part of a message that is kept as bytes.
type TextBytes = Text<Bytes>;
