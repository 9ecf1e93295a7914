/// The value of a BIT column as its bytes on the wire, the highest byte first. Servers send as many bytes as the
/// column's width (1 to 64 bits) needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bit<'a>(pub &'a [u8]);

impl Bit<'_> {
    /// The bits as a number; `None` if it takes more than 64.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        let zeros = self.0.iter().take_while(|&&byte| byte == 0).count();
        let digits = self.0.get(zeros..).unwrap_or_default();
        let fits = digits.len() <= size_of::<u64>();
        fits.then(|| {
            let append = |number, &byte| (number << 8) | u64::from(byte);
            digits.iter().fold(0, append)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_byte_comes_first() {
        assert_eq!(Bit(&[1, 2]).number(), Some(0x102));
        assert_eq!(Bit(&[]).number(), Some(0));
        assert_eq!(Bit(&[0xff; 8]).number(), Some(u64::MAX));
        assert_eq!(Bit(&[1; 9]).number(), None);
        assert_eq!(Bit(&[0, 0, 0, 0, 0, 0, 0, 0, 7]).number(), Some(7));
    }
}
