use std::io;

/// Inflates an input piece by piece, up to one byte more than `len`. Returns whether all of the
/// input was read.
pub(super) fn inflate_pieces(
    input: &[u8],
    len: usize,
    plain: &mut Vec<u8>,
    mut inflate: impl FnMut(&[u8], &mut [u8]) -> io::Result<(u64, u64)>,
) -> io::Result<bool> {
    let mut rest = input;
    // Each round inflates one piece. Memory grows with what was inflated, not with the size that the peer
    // claims.
    let mut piece = vec![0; PIECE];
    loop {
        // One byte more than stated is enough to see that the message is longer.
        let wanted = (len + 1).saturating_sub(plain.len()).min(PIECE);
        let place = piece.get_mut(..wanted).unwrap_or_default();
        let (read, written) = inflate(rest, place)?;
        let read = usize::try_from(read).unwrap_or(usize::MAX);
        let written = usize::try_from(written).unwrap_or(usize::MAX);
        rest = rest.get(read..).unwrap_or_default();
        plain.extend_from_slice(piece.get(..written).unwrap_or_default());
        // The end: too much output, no progress, or no input left and space left in the output.
        if plain.len() > len || (read, written) == (0, 0) || (rest.is_empty() && written < wanted) {
            return Ok(rest.is_empty());
        }
    }
}

/// How many bytes are inflated at once.
const PIECE: usize = 16 * 1024;
