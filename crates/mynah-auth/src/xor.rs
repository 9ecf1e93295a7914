/// XORs each byte of `a` with the byte of `b` at the same place.
pub(crate) fn xor<const N: usize>(mut a: [u8; N], b: [u8; N]) -> [u8; N] {
    xor_cyclic(&mut a, &b);
    a
}

/// XORs each byte of `data` with a byte of `pattern`, which is repeated.
pub(crate) fn xor_cyclic(data: &mut [u8], pattern: &[u8]) {
    for (byte, with) in data.iter_mut().zip(pattern.iter().cycle()) {
        *byte ^= with;
    }
}
