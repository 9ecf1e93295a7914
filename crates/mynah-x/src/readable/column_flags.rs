//! The number of a message that has flags of a column, for `#[serde(with = "…")]`: the names of the flags.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::resultset::ColumnFlags;

pub(crate) fn serialize<S: Serializer>(bits: &Option<u32>, to: S) -> Result<S::Ok, S::Error> {
    bits.map(ColumnFlags::from_bits_retain).serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let flags = Option::<ColumnFlags>::deserialize(from)?;
    Ok(flags.map(|flags| flags.bits()))
}
