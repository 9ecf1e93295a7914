use mynah_wire::readable::{Float, Text};
use serde::{Serialize, Serializer};

use crate::datatypes::ScalarValue;
use crate::field::{Cell, Decimal, Set};

/// The value alone: NULL as null, numbers as numbers, decimals as text, dates and times as text as in SQL, a set as the
/// list of its members.
impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_none(),
            Self::Sint(number) => to.serialize_i64(*number),
            Self::Uint(number) | Self::Bit(number) => to.serialize_u64(*number),
            Self::Double(number) => Float(*number).serialize(to),
            Self::Float(number) => Float(*number).serialize(to),
            Self::Bytes(bytes) | Self::Enum(bytes) => Text(bytes).serialize(to),
            Self::Time(time) => to.collect_str(time),
            Self::DateTime(moment) => to.collect_str(moment),
            Self::Set(set) => set.serialize(to),
            Self::Decimal(decimal) => decimal.serialize(to),
        }
    }
}

/// The text of the number.
impl Serialize for Decimal<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The list of the members.
impl Serialize for Set<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Formats that aren't for people want the number of items first, which the iterator doesn't know.
        self.iter().map(Text).collect::<Vec<_>>().serialize(to)
    }
}

/// The value alone, without the collation of a text and the content type of bytes.
impl Serialize for ScalarValue<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_none(),
            Self::Sint(number) => to.serialize_i64(*number),
            Self::Uint(number) => to.serialize_u64(*number),
            Self::Double(number) => Float(*number).serialize(to),
            Self::Float(number) => Float(*number).serialize(to),
            Self::Bool(truth) => to.serialize_bool(*truth),
            Self::Octets(octets) => Text(&octets.value).serialize(to),
            Self::String(text) => Text(&text.value).serialize(to),
        }
    }
}
