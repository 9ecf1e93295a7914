/// Encodes as hex digits, in upper case as MySQL does.
pub(crate) fn encode(bytes: &[u8]) -> Vec<u8> {
    let digit = |nibble: u8| {
        if nibble < 10 {
            b'0' + nibble
        } else {
            b'A' + (nibble - 10)
        }
    };
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Decodes `2 * N` hex digits of either case; `None` for another number of digits or other
/// characters.
pub(crate) fn decode<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|&[high, low]| Some(value(high)? << 4 | value(low)?))
        .collect();
    bytes?.try_into().ok()
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_written_in_upper_case_and_read_in_either() {
        assert_eq!(encode(&[0x0a, 0x9f]), b"0A9F");
        assert_eq!(decode(b"0A9f"), Some([0x0a, 0x9f]));
    }

    #[test]
    fn too_few_too_many_or_other_digits_are_rejected() {
        for digits in [
            &b""[..],
            b"0",
            b"0A9",
            b"0A9F0",
            b"0A9F00",
            b"0A9G",
            b"+A9F",
        ] {
            assert_eq!(decode::<2>(digits), None, "{}", digits.escape_ascii());
        }
    }
}
