use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

use crate::scan;
use crate::value::{BinaryValues, NullBitmap, Stage, Value, ValueError, ValueType};

/// One row of a binary result set: each value in the form of its column's type. Rows of a prepared statement have this
/// form: the server sends them in answer to COM_STMT_EXECUTE, or with a cursor in answer to COM_STMT_FETCH.
///
/// A row is kept as bytes and read by an iterator, which needs the types of the columns.
///
/// Documentation page: Binary Protocol Resultset Row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinaryRow {
    /// The whole payload, including the header.
    payload: Bytes,
}

impl BinaryRow {
    /// A row of these values, one for each type.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn new<'a>(
        types: &[ValueType],
        values: impl IntoIterator<Item = Value<'a>>,
    ) -> Result<Self, ValueError> {
        let mut w = BytesMut::new();
        Self::put(&mut w, types, values)?;
        let payload = w.freeze();
        Ok(Self { payload })
    }

    /// Appends the payload of a row of these values, one for each type.
    ///
    /// # Errors
    /// [`ValueError::Count`] for more or fewer values than types, [`ValueError::DoesNotFit`] as for
    /// [`Value::put_binary`]; `w` then holds part of the row.
    pub fn put<'a>(
        w: &mut BytesMut,
        types: &[ValueType],
        values: impl IntoIterator<Item = Value<'a>>,
    ) -> Result<(), ValueError> {
        w.put_u8(HEADER);
        put_values(w, types, values, NullBitmap::ROW_OFFSET)
    }

    /// The payload of the row.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.payload
    }

    /// The values, in the order of the columns, which have these types.
    ///
    /// # Errors
    /// A row that ends before its NULL bitmap does.
    pub fn values<'a>(&'a self, types: &'a [ValueType]) -> Result<BinaryValues<'a>, DecodeError> {
        let payload = self.payload.get(1..).unwrap_or_default();
        let len = NullBitmap::len(types.len(), NullBitmap::ROW_OFFSET);
        let Some((bits, values)) = payload.split_at_checked(len) else {
            return Err(scan::truncated("null_bitmap", 1, len, payload.len()));
        };
        let nulls = NullBitmap::new(bits, NullBitmap::ROW_OFFSET);
        Ok(BinaryValues::new(types, nulls, values).starting_at(1 + len))
    }
}

impl Message for BinaryRow {
    type Context = ();
    const NAME: &'static str = "Binary Protocol Resultset Row";

    /// Takes the bytes after the header unchecked; an invalid value is found when the values are
    /// read.
    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.clone().expect("packet_header", HEADER)?;
        let payload = r.rest_string();
        Ok(Self { payload })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_slice(&self.payload);
        Ok(())
    }
}

/// Appends a NULL bitmap and the values it describes.
pub(crate) fn put_values<'a>(
    w: &mut BytesMut,
    types: &[ValueType],
    values: impl IntoIterator<Item = Value<'a>>,
    offset: usize,
) -> Result<(), ValueError> {
    // The bitmap is written as zeros first, and its bits set as NULLs come.
    let bitmap = w.len();
    w.put_bytes(0, NullBitmap::len(types.len(), offset));
    let mut stage = Stage::new(w);
    let (mut types_left, mut count) = (types.iter(), 0);
    for value in values {
        let index = count;
        // Counted up to one more than there are types, so that endless values end here.
        count += 1;
        let Some(&value_type) = types_left.next() else {
            break;
        };
        if value.is_null() {
            let bits = stage.out().get_mut(bitmap..).unwrap_or_default();
            NullBitmap::set(bits, offset, index);
        } else {
            value.write_binary(&mut stage, value_type)?;
        }
    }
    stage.flush();
    if count == types.len() {
        return Ok(());
    }
    Err(ValueError::Count {
        values: count,
        types: types.len(),
    })
}

const HEADER: u8 = 0x00;
