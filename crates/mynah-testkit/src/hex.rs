//! Bytes as pairs of hex digits, as in fixtures.

use std::fmt::Write as _;

use bytes::Bytes;

/// Why a text isn't bytes in hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// A character isn't a hex digit.
    #[error("{found:?} at character {at} is not a hex digit")]
    NotADigit {
        /// The character that was found.
        found: char,
        /// How many bytes of the text precede the character.
        at: usize,
    },
    /// The text has an odd number of digits, or none.
    #[error("{digits} hex digits are not whole bytes")]
    HalfByte {
        /// How many digits the text has.
        digits: usize,
    },
}

/// Reads pairs of hex digits, upper or lower case; a single `-` means no bytes.
///
/// # Errors
/// [`HexError`] for anything else than pairs of hex digits, and for an empty text.
pub fn decode(text: &str) -> Result<Bytes, HexError> {
    if text == "-" {
        return Ok(Bytes::new());
    }
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for (at, found) in text.char_indices() {
        let Some(digit) = found
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
        else {
            return Err(HexError::NotADigit { found, at });
        };
        match high.take() {
            None => high = Some(digit),
            Some(first) => bytes.push(first << 4 | digit),
        }
    }
    if high.is_some() || text.is_empty() {
        return Err(HexError::HalfByte { digits: text.len() });
    }
    Ok(Bytes::from(bytes))
}

/// Writes bytes as lower-case hex digits, and no bytes as `-`.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_read_as_it_was_written() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(decode(&encode(&all)).unwrap(), all);
        assert_eq!(decode(&encode(&all).to_uppercase()).unwrap(), all);
    }

    #[test]
    fn no_bytes_are_a_dash() {
        assert_eq!(encode(b""), "-");
        assert_eq!(decode("-"), Ok(Bytes::new()));
    }

    #[test]
    fn an_odd_digit_another_character_and_empty_text_are_refused() {
        assert_eq!(decode("abc"), Err(HexError::HalfByte { digits: 3 }));
        assert_eq!(decode(""), Err(HexError::HalfByte { digits: 0 }));
        assert_eq!(decode("0g"), Err(HexError::NotADigit { found: 'g', at: 1 }));
        assert_eq!(decode("é"), Err(HexError::NotADigit { found: 'é', at: 0 }));
    }
}
