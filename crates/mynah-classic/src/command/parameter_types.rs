use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, EncodeErrorKind, Reader, Writer};

use super::{ParameterFlags, ParameterType};
use crate::ColumnType;

/// The types of a statement's parameters, kept as bytes and read by an iterator. A server keeps
/// them for later executions that send none.
///
/// Documentation page: COM_STMT_EXECUTE, parameter_type and parameter_name.
#[derive(Clone, Debug, Default)]
pub struct ParameterTypes {
    count: u64,
    /// Whether a name follows each type.
    named: bool,
    /// Exactly `count` valid types: each constructor makes sure of that.
    bytes: Bytes,
}

impl ParameterTypes {
    /// Encodes types of parameters, in this order.
    #[must_use]
    pub fn new<'a>(types: impl IntoIterator<Item = &'a ParameterType>) -> Self {
        let (mut w, mut count) = (BytesMut::new(), 0);
        for parameter_type in types {
            put_type(&mut w, parameter_type);
            w.put_lenenc_string(&parameter_type.name);
            count += 1;
        }
        Self {
            count,
            named: true,
            bytes: w.freeze(),
        }
    }

    /// The number of types, one per parameter.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there are no types of parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The types of the parameters, in order.
    pub fn iter(&self) -> impl Iterator<Item = ParameterType> + '_ {
        let mut r = Reader::new(&self.bytes);
        // `ok` ends the iterator at the end of the bytes; there are no invalid types in them.
        std::iter::from_fn(move || read_type(&mut r, self.named).ok())
    }

    pub(super) fn decode(r: &mut Reader<'_>, count: u64, named: bool) -> Result<Self, DecodeError> {
        // Each type is read once here, so that the iterator can't fail later.
        let mut after = r.clone();
        for _ in 0..count {
            read_type(&mut after, named)?;
        }
        Ok(Self {
            count,
            named,
            bytes: r.string("parameter_type", after.offset() - r.offset())?,
        })
    }

    pub(super) fn encode(&self, w: &mut BytesMut, named: bool) -> Result<(), EncodeError> {
        // The bytes are in the requested form already.
        if named == self.named {
            w.put_slice(&self.bytes);
            return Ok(());
        }
        for parameter_type in self.iter() {
            put_type(w, &parameter_type);
            if named {
                w.put_lenenc_string(&parameter_type.name);
            } else if !parameter_type.name.is_empty() {
                return Err(EncodeError {
                    field: "parameter_name",
                    kind: EncodeErrorKind::NoPlace,
                });
            }
        }
        Ok(())
    }
}

/// Types without names equal those whose names are empty.
impl PartialEq for ParameterTypes {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.iter().eq(other.iter())
    }
}

impl Eq for ParameterTypes {}

fn read_type(r: &mut Reader<'_>, named: bool) -> Result<ParameterType, DecodeError> {
    let [column_type, flags] = r.array("parameter_type")?;
    Ok(ParameterType {
        column_type: ColumnType(column_type),
        flags: ParameterFlags::from_bits_retain(flags),
        name: if named {
            r.lenenc_string("parameter_name")?
        } else {
            Bytes::new()
        },
    })
}

fn put_type(w: &mut BytesMut, parameter_type: &ParameterType) {
    w.put_u8(parameter_type.column_type.0);
    w.put_u8(parameter_type.flags.bits());
}
