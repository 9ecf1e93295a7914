/// Each byte of `a` with its counterpart in `b`.
pub(crate) fn xor<const N: usize>(mut a: [u8; N], b: [u8; N]) -> [u8; N] {
    xor_cyclic(&mut a, &b);
    a
}

/// Each byte of `data` with its counterpart in `pattern`, which starts again when it ends.
pub(crate) fn xor_cyclic(data: &mut [u8], pattern: &[u8]) {
    for (byte, with) in data.iter_mut().zip(pattern.iter().cycle()) {
        *byte ^= with;
    }
}
