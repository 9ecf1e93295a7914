use data_encoding::BASE64_NOPAD;

/// Decodes base64 text of `N` bytes, with or without padding; `None` for anything else.
pub(crate) fn decode<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    decode_any(text)?.try_into().ok()
}

/// Decodes base64 text, with or without padding; `None` for anything else.
pub(crate) fn decode_any(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii_end();
    let bare = text
        .strip_suffix(b"==")
        .or(text.strip_suffix(b"="))
        .unwrap_or(text);
    BASE64_NOPAD.decode(bare).ok()
}

/// Base64 text without padding, as MariaDB writes it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64_NOPAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_may_be_missing() {
        assert_eq!(encode(b"a"), "YQ");
        for text in [&b"YQ"[..], b"YQ=="] {
            assert_eq!(decode(text), Some(*b"a"));
        }
        assert_eq!(decode(b""), Some([]));
    }

    #[test]
    fn text_of_another_length_or_with_other_characters_is_rejected() {
        for text in [&b""[..], b"Y", b"YQ=a", b"Y Q", b"YQYQ", b"Y-", b"===="] {
            assert_eq!(decode::<1>(text), None, "{}", text.escape_ascii());
        }
    }
}
