use mynah_wire::readable::{Float, Hex, Text};
use serde::{Serialize, Serializer};

use crate::value::{Bit, Decimal, Value, Vector};

/// The value alone: NULL as null, numbers as numbers, decimals as text, dates and times as text as in SQL, bits as a
/// number.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_none(),
            Self::Int(number) => to.serialize_i64(*number),
            Self::UInt(number) => to.serialize_u64(*number),
            Self::Float(number) => Float(*number).serialize(to),
            Self::Double(number) => Float(*number).serialize(to),
            Self::Decimal(decimal) => decimal.serialize(to),
            Self::Bit(bits) => bits.serialize(to),
            Self::Date(date) => to.collect_str(date),
            Self::DateTime(moment) => to.collect_str(moment),
            Self::Time(time) => to.collect_str(time),
            Self::Bytes(bytes) => Text(bytes).serialize(to),
        }
    }
}

impl Serialize for Decimal<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// A number, or bytes if they have more than 64 bits.
impl Serialize for Bit<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.number() {
            Some(number) => to.serialize_u64(number),
            None => Hex(self.0).serialize(to),
        }
    }
}

/// A list of numbers.
impl Serialize for Vector<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Float))
    }
}
