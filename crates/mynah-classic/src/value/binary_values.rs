use std::iter::FusedIterator;
use std::slice;

use mynah_wire::{DecodeError, DecodeErrorKind};

use super::{NullBitmap, Value, ValueType};

/// Reads binary values one after the other without allocating: those of a
/// [`BinaryRow`](crate::resultset::BinaryRow), or the parameters of a COM_STMT_EXECUTE.
///
/// There is one item per type, up to the first error, which ends the iterator; bytes left after the last value are an
/// error in an item of its own.
///
/// ```
/// use mynah_classic::ColumnType;
/// use mynah_classic::value::{BinaryValues, NullBitmap, Value, ValueType};
///
/// let types = [ColumnType::TINY, ColumnType::STRING, ColumnType::LONG].map(ValueType::signed);
/// let bitmap = NullBitmap::new(&[0b010], NullBitmap::PARAMETER_OFFSET);
/// let values: Result<Vec<_>, _> = BinaryValues::new(&types, bitmap, &[0xff, 7, 0, 0, 0]).collect();
/// assert_eq!(values?, [Value::Int(-1), Value::Null, Value::Int(7)]);
/// # Ok::<(), mynah_wire::DecodeError>(())
/// ```
///
/// Documentation page: Binary Protocol Value.
#[derive(Clone, Debug)]
pub struct BinaryValues<'a> {
    types: slice::Iter<'a, ValueType>,
    index: usize,
    nulls: NullBitmap<'a>,
    long_data: NullBitmap<'a>,
    rest: &'a [u8],
    /// Where in the payload the values end.
    end: usize,
}

impl<'a> BinaryValues<'a> {
    /// The values of these types in `values`, which has no bytes for values that are NULL in the
    /// bitmap.
    #[must_use]
    pub fn new(types: &'a [ValueType], nulls: NullBitmap<'a>, values: &'a [u8]) -> Self {
        Self {
            types: types.iter(),
            index: 0,
            nulls,
            long_data: NullBitmap::default(),
            rest: values,
            end: values.len(),
        }
    }

    /// Sets which parameters were sent before, by COM_STMT_SEND_LONG_DATA: those whose bit in `sent` is set. They
    /// have no bytes among the values, and [`Value::Null`] stands in for them.
    #[must_use]
    pub const fn with_long_data(mut self, sent: NullBitmap<'a>) -> Self {
        self.long_data = sent;
        self
    }

    /// Sets how many bytes of the payload precede the values, for the offset in errors.
    #[must_use]
    pub const fn starting_at(mut self, offset: usize) -> Self {
        self.end = offset.saturating_add(self.rest.len());
        self
    }

    fn stop(&mut self) {
        self.types = [].iter();
        self.rest = &[];
    }

    #[cold]
    fn left_over(&mut self) -> DecodeError {
        let left = self.rest.len();
        let offset = self.end.saturating_sub(left);
        self.stop();
        DecodeError {
            field: "values",
            offset,
            kind: DecodeErrorKind::Trailing { left },
        }
    }
}

impl<'a> Iterator for BinaryValues<'a> {
    type Item = Result<Value<'a>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Some(&value_type) = self.types.next() else {
            return (!self.rest.is_empty()).then(|| Err(self.left_over()));
        };
        let index = self.index;
        self.index += 1;
        // Neither has bytes here; NULL stands in for long data.
        if self.nulls.is_null(index) || self.long_data.is_null(index) {
            return Some(Ok(Value::Null));
        }
        let offset = self.end.saturating_sub(self.rest.len());
        let value = Value::read_binary(&mut self.rest, value_type, offset);
        // The place of the next value isn't known after an error.
        if value.is_err() {
            self.stop();
        }
        Some(value)
    }
}

impl FusedIterator for BinaryValues<'_> {}
