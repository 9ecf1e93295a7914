use openssl::base64;

/// Decodes base64 text of `N` bytes, with or without padding; `None` for anything else.
pub(crate) fn decode<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    decode_any(text)?.try_into().ok()
}

/// Decodes base64 text, with or without padding; `None` for anything else.
pub(crate) fn decode_any(text: &[u8]) -> Option<Vec<u8>> {
    let bare = text.trim_ascii_end();
    let bare = bare
        .strip_suffix(b"==")
        .or(bare.strip_suffix(b"="))
        .unwrap_or(bare);
    if !bare
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
    {
        return None;
    }
    let padding: &[u8] = match bare.len() % 4 {
        0 => b"",
        2 => b"==",
        3 => b"=",
        _ => return None,
    };
    let padded = String::from_utf8([bare, padding].concat()).ok()?;
    base64::decode_block(&padded).ok()
}

/// Base64 text without padding, as MariaDB writes it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    base64::encode_block(bytes).trim_end_matches('=').to_owned()
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
