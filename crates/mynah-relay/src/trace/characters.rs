//! Decodes texts from the character set that they are sent in.

use bytes::Bytes;
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_7, ISO_8859_8,
    ISO_8859_13, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_874,
    WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1256, WINDOWS_1257,
};

use super::shown::Shown;

/// A text in UTF-8, as far as its character set is known; else its bytes and the name of the set.
pub(crate) fn in_utf8(
    text: &Bytes,
    character_set: Option<&'static str>,
) -> (Bytes, Option<&'static str>) {
    let Some(name) = character_set else {
        return (text.clone(), None);
    };
    if is_utf8(name) || (text.is_ascii() && !is_wide(name)) {
        return (text.clone(), None);
    }
    let decoded = encoding(name)
        .and_then(|encoding| encoding.decode_without_bom_handling_and_without_replacement(text));
    match decoded {
        Some(decoded) => (decoded.into_owned().into(), None),
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

/// Whether even ASCII characters take several bytes in this character set, as in UTF-16.
fn is_wide(name: &str) -> bool {
    ["ucs2", "utf16", "utf16le", "utf32"].contains(&name)
}

/// The decoder of a character set; `docs/tracing.md` lists those that there are.
fn encoding(name: &str) -> Option<&'static Encoding> {
    Some(match name {
        "latin1" => WINDOWS_1252,
        "latin2" => ISO_8859_2,
        "latin5" => WINDOWS_1254,
        "latin7" => ISO_8859_13,
        "greek" => ISO_8859_7,
        "hebrew" => ISO_8859_8,
        "tis620" => WINDOWS_874,
        "cp1250" => WINDOWS_1250,
        "cp1251" => WINDOWS_1251,
        "cp1256" => WINDOWS_1256,
        "cp1257" => WINDOWS_1257,
        "cp866" => IBM866,
        "koi8r" => KOI8_R,
        "koi8u" => KOI8_U,
        "macroman" => MACINTOSH,
        "sjis" | "cp932" => SHIFT_JIS,
        "ujis" | "eucjpms" => EUC_JP,
        "euckr" => EUC_KR,
        "big5" => BIG5,
        "gb2312" | "gbk" => GBK,
        "gb18030" => GB18030,
        "ucs2" | "utf16" => UTF_16BE,
        "utf16le" => UTF_16LE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_in_their_character_set_and_others_stay_bytes() {
        for (bytes, name, text) in [
            (&b"caf\xe9 \x80"[..], "latin1", "café €"),
            (b"\x83\x5c", "sjis", "ソ"),
            (b"\xc4\xe3", "gbk", "你"),
            (b"\x81\x30\x81\x30", "gb18030", "\u{80}"),
            (b"\xcf\xf0", "cp1251", "Пр"),
            (b"\x00a\x00b", "ucs2", "ab"),
            (b"abc", "cp850", "abc"),
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
