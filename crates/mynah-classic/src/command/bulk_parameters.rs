use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Message, Reader};

use super::parameter::read_value;
use super::{BulkFlags, ParameterType, ParameterTypes};

/// MariaDB: the rows of a bulk execution, kept as bytes and read by an iterator.
///
/// Documentation page: COM_STMT_BULK_EXECUTE, of MariaDB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BulkParameters {
    types: Option<ParameterTypes>,
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
    rows: Bytes,
}

/// The facts that determine the layout of a bulk execution's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkContext {
    /// The flags of the execution, which stand before the rows.
    pub flags: BulkFlags,
    /// How many parameters the statement has, from the answer to COM_STMT_PREPARE.
    pub num_params: u64,
}

/// The value of a parameter in one row of a bulk execution.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum BulkValue {
    /// Indicator 0: the value as its bytes in the packet, including the length of a type without fixed width.
    ///
    /// Documentation page: Binary Protocol Value.
    Value(
        /// The value's bytes in the packet.
        #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::hex"))]
        Bytes,
    ),
    /// Indicator 1: NULL.
    Null,
    /// Indicator 2: the column's default value.
    Default,
    /// Indicator 3: in an UPDATE, the column keeps its value.
    Ignore,
}

impl BulkParameters {
    /// The rows of a bulk execution, with these values: one row after the other, each with a value for each type.
    /// Without types, the types of an earlier execution apply.
    #[must_use]
    pub fn new<'a>(
        types: Option<ParameterTypes>,
        values: impl IntoIterator<Item = &'a BulkValue>,
    ) -> Self {
        let mut w = BytesMut::new();
        for value in values {
            match value {
                BulkValue::Value(value) => {
                    // Before each value stands an indicator of one byte.
                    w.put_u8(0);
                    w.put_slice(value);
                }
                BulkValue::Null => w.put_u8(1),
                BulkValue::Default => w.put_u8(2),
                BulkValue::Ignore => w.put_u8(3),
            }
        }
        Self {
            types,
            rows: w.freeze(),
        }
    }

    /// The types of the parameters; `None` if the types of an earlier execution apply.
    #[must_use]
    pub fn types(&self) -> Option<&ParameterTypes> {
        self.types.as_ref()
    }

    /// Takes the first row: its values and their types, which come from `earlier`, an earlier execution, if
    /// this one has none. Without any types the row is an error. `None` if no row is left, or after an error.
    pub fn next_row(
        &mut self,
        earlier: Option<&ParameterTypes>,
    ) -> Option<Result<Vec<(ParameterType, BulkValue)>, DecodeError>> {
        if self.rows.is_empty() {
            return None;
        }
        let types = self.types.as_ref().or(earlier);
        let mut r = Reader::new(&self.rows);
        // Without a column there would be endless empty rows.
        let row = match types.filter(|types| !types.is_empty()) {
            Some(types) => types
                .iter()
                .map(|parameter_type| read(&mut r, parameter_type))
                .collect(),
            None => Err(no_type(&r)),
        };
        // After an error the rest is dropped, so that no row starts in the middle of another.
        let read = if row.is_ok() {
            r.offset()
        } else {
            self.rows.len()
        };
        self.rows = self.rows.slice(read..);
        Some(row)
    }

    /// The rows' values, one after the other, with their types, which come from `earlier`, an earlier
    /// execution, if this one has none. The iterator ends after the first invalid value.
    pub fn iter<'a>(
        &'a self,
        earlier: Option<&'a ParameterTypes>,
    ) -> impl Iterator<Item = Result<(ParameterType, BulkValue), DecodeError>> + 'a {
        let types = self.types.as_ref().or(earlier);
        // `row` has the types left in the current row, and `reader` is `None` after an error.
        // Rows have no separators: a row ends with the last type, and the next begins if bytes are left.
        let mut row = None;
        let mut reader = Some(Reader::new(&self.rows));
        std::iter::from_fn(move || {
            let r = reader.as_mut()?;
            let parameter_type = row.as_mut().and_then(Iterator::next);
            if parameter_type.is_none() && r.remaining() == 0 {
                return None;
            }
            let parameter_type = parameter_type.or_else(|| {
                row = types.map(ParameterTypes::iter);
                row.as_mut().and_then(Iterator::next)
            });
            let value = match parameter_type {
                Some(parameter_type) => read(r, parameter_type),
                None => Err(no_type(r)),
            };
            if value.is_err() {
                reader = None;
            }
            Some(value)
        })
    }
}

fn read(
    r: &mut Reader<'_>,
    parameter_type: ParameterType,
) -> Result<(ParameterType, BulkValue), DecodeError> {
    let indicator = r.clone();
    let value = match r.u8(INDICATOR)? {
        0 => BulkValue::Value(read_value(r, parameter_type.column_type)?),
        1 => BulkValue::Null,
        2 => BulkValue::Default,
        3 => BulkValue::Ignore,
        found => return Err(indicator.unexpected(INDICATOR, found.into())),
    };
    Ok((parameter_type, value))
}

fn no_type(r: &Reader<'_>) -> DecodeError {
    DecodeError {
        field: "parameter_type",
        offset: r.offset(),
        kind: DecodeErrorKind::Truncated { needed: 2, left: 0 },
    }
}

impl Message for BulkParameters {
    type Context = BulkContext;
    const NAME: &'static str = "COM_STMT_BULK_EXECUTE parameters";

    fn decode(r: &mut Reader<'_>, cx: BulkContext) -> Result<Self, DecodeError> {
        let types = if cx.flags.contains(BulkFlags::SEND_TYPES_TO_SERVER) {
            Some(ParameterTypes::decode(r, cx.num_params, false)?)
        } else {
            None
        };
        Ok(Self {
            types,
            rows: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, cx: BulkContext) -> Result<(), EncodeError> {
        let wanted = cx.flags.contains(BulkFlags::SEND_TYPES_TO_SERVER);
        match &self.types {
            Some(types) if wanted && types.len() == cx.num_params => types.encode(w, false)?,
            None if !wanted => {}
            _ => {
                return Err(EncodeError {
                    field: "parameter_type",
                    kind: EncodeErrorKind::NoPlace,
                });
            }
        }
        w.put_slice(&self.rows);
        Ok(())
    }
}

const INDICATOR: &str = "parameter_indicator";
