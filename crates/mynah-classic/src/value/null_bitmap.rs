/// Which values of a binary row, or of a list of parameters, are NULL: one bit for each.
///
/// Documentation page: Binary Protocol Resultset Row, NULL-Bitmap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NullBitmap<'a> {
    bits: &'a [u8],
    offset: usize,
}

impl<'a> NullBitmap<'a> {
    /// In a row, the number of bits before the bit of the first value.
    pub const ROW_OFFSET: usize = 2;
    /// In a list of parameters, the number of bits before the bit of the first value.
    pub const PARAMETER_OFFSET: usize = 0;

    /// A bitmap as in a payload, with `offset` unused bits before the bit of the first value.
    #[must_use]
    pub const fn new(bits: &'a [u8], offset: usize) -> Self {
        Self { bits, offset }
    }

    /// How many bytes the bitmap of `count` values takes, with `offset` unused bits at its beginning.
    #[must_use]
    pub const fn len(count: usize, offset: usize) -> usize {
        count.saturating_add(offset).div_ceil(8)
    }

    /// Whether the value at `index`, from 0, is NULL. A value without a bit isn't.
    #[must_use]
    pub fn is_null(&self, index: usize) -> bool {
        let bit = index.saturating_add(self.offset);
        let byte = self.bits.get(bit / 8).copied().unwrap_or(0);
        byte & (1 << (bit % 8)) != 0
    }

    /// Marks the value at `index`, from 0, as NULL in `bits`, of which `offset` come before the first value's; nothing
    /// changes if the value has no bit there.
    pub fn set(bits: &mut [u8], offset: usize, index: usize) {
        let bit = index.saturating_add(offset);
        if let Some(byte) = bits.get_mut(bit / 8) {
            *byte |= 1 << (bit % 8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_leaves_its_first_two_bits_unused() {
        let mut bits = [0; 2];
        assert_eq!(NullBitmap::len(7, NullBitmap::ROW_OFFSET), 2);
        NullBitmap::set(&mut bits, NullBitmap::ROW_OFFSET, 0);
        NullBitmap::set(&mut bits, NullBitmap::ROW_OFFSET, 6);
        NullBitmap::set(&mut bits, NullBitmap::ROW_OFFSET, 99);
        assert_eq!(bits, [0b100, 0b1]);
        let bitmap = NullBitmap::new(&bits, NullBitmap::ROW_OFFSET);
        let nulls: Vec<_> = (0..20).filter(|&index| bitmap.is_null(index)).collect();
        assert_eq!(nulls, [0, 6]);
    }

    #[test]
    fn parameters_use_every_bit() {
        assert_eq!(NullBitmap::len(8, NullBitmap::PARAMETER_OFFSET), 1);
        assert_eq!(NullBitmap::len(0, NullBitmap::PARAMETER_OFFSET), 0);
        let bitmap = NullBitmap::new(&[0x81], NullBitmap::PARAMETER_OFFSET);
        assert!(bitmap.is_null(0) && !bitmap.is_null(1) && bitmap.is_null(7));
    }
}
