//! Decodes texts from the character set that they are sent in.

use std::borrow::Cow;

use bytes::Bytes;
use mynah_classic::characters::to_utf8;

use super::shown::Shown;

/// A text in UTF-8, as far as its character set is known; else its bytes and the name of the set.
pub(crate) fn in_utf8(
    text: &Bytes,
    character_set: Option<&'static str>,
) -> (Bytes, Option<&'static str>) {
    let Some(name) = character_set.filter(|name| !is_utf8(name)) else {
        return (text.clone(), None);
    };
    match to_utf8(text, name) {
        Some(Cow::Borrowed(_)) => (text.clone(), None),
        Some(Cow::Owned(decoded)) => (decoded.into(), None),
        None => (text.clone(), Some(name)),
    }
}

/// A value that is a text in this character set, as it is shown.
pub(super) fn shown(value: Shown, character_set: Option<&'static str>) -> Shown {
    let Shown::Bytes(bytes) = value else {
        return value;
    };
    match in_utf8(&bytes, character_set) {
        (text, None) => Shown::Bytes(text),
        (bytes, Some(name)) => Shown::Foreign(bytes, name),
    }
}

fn is_utf8(name: &str) -> bool {
    ["utf8", "binary", "ascii"]
        .iter()
        .any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_in_their_character_set_and_others_stay_bytes() {
        for (bytes, name, text) in [
            (&b"caf\xe9 \x80"[..], "latin1", "café €"),
            (b"\x00a\x00b", "ucs2", "ab"),
            ("é".as_bytes(), "utf8mb4", "é"),
        ] {
            let (shown, foreign) = in_utf8(&Bytes::from_static(bytes), Some(name));
            assert_eq!((&shown[..], foreign), (text.as_bytes(), None), "{name}");
        }
        for (bytes, name) in [
            (&b"\x82"[..], "cp850"),
            (b"\xff\xff", "sjis"),
            (b"a", "utf32"),
        ] {
            let bytes = Bytes::from_static(bytes);
            let shown = in_utf8(&bytes, Some(name));
            assert_eq!(shown, (bytes, Some(name)));
        }
    }
}
