use openssl::error::ErrorStack;

use super::prf::Prf;

/// A digit of a number in which each place has a base of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digit {
    pub(super) value: u32,
    pub(super) base: u32,
}

/// Replaces digits by others of the same bases. With one key, different digits of the same bases become different ones: a
/// Feistel network, in which half of the digits is added to by what the other half says.
pub(super) fn permute(prf: &Prf, kind: &str, digits: &mut [Digit]) -> Result<(), ErrorStack> {
    let bases: Vec<u8> = digits
        .iter()
        .flat_map(|digit| digit.base.to_be_bytes())
        .collect();
    if let [digit] = digits {
        // Without another half, all values would be moved by the same number, which must not be 0.
        let others = digit.base.saturating_sub(1).max(1);
        let added = prf.numbers(&[kind.as_bytes(), &bases], 1)?;
        let added = added.first().map_or(0, |added| added % u64::from(others));
        move_by(digit, added + 1);
        return Ok(());
    }
    let middle = digits.len().div_ceil(2);
    let (first, second) = digits.split_at_mut(middle);
    for round in 0..ROUNDS {
        let (changed, other) = match round % 2 {
            0 => (&mut *first, &*second),
            _ => (&mut *second, &*first),
        };
        let other: Vec<u8> = other
            .iter()
            .flat_map(|digit| digit.value.to_be_bytes())
            .collect();
        let parts = [kind.as_bytes(), &[round], &bases, &other];
        let added = prf.numbers(&parts, changed.len())?;
        for (digit, added) in changed.iter_mut().zip(added) {
            move_by(digit, added);
        }
    }
    Ok(())
}

/// Adds a number to a digit, without a carry.
fn move_by(digit: &mut Digit, added: u64) {
    let base = u64::from(digit.base.max(1));
    let sum = (u64::from(digit.value) + added % base) % base;
    digit.value = u32::try_from(sum).unwrap_or_default();
}

/// As many as the standards for such permutations have (NIST SP 800-38G).
const ROUNDS: u8 = 10;
