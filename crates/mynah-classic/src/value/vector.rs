/// The numbers of a VECTOR value: four bytes each.
///
/// Documentation page: The VECTOR Type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vector<'a>(&'a [[u8; 4]]);

impl<'a> Vector<'a> {
    /// The vector in `bytes`; `None` if their number isn't a multiple of four.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Option<Self> {
        match bytes.as_chunks() {
            (numbers, []) => Some(Self(numbers)),
            _ => None,
        }
    }

    /// The numbers of the vector, in order.
    pub fn iter(self) -> impl ExactSizeIterator<Item = f32> + 'a {
        self.0.iter().copied().map(f32::from_le_bytes)
    }

    /// Appends the bytes of a vector with these numbers.
    pub fn put(w: &mut Vec<u8>, numbers: impl IntoIterator<Item = f32>) {
        for number in numbers {
            w.extend_from_slice(&number.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut bytes = Vec::new();
        Vector::put(&mut bytes, [1.0, -0.5]);
        assert_eq!(bytes, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf]);
        let vector = Vector::new(&bytes).unwrap();
        assert_eq!(vector.iter().collect::<Vec<_>>(), [1.0, -0.5]);
        assert_eq!(Vector::new(&bytes[1..]), None);
    }
}
