//! Texts in the servers' character sets.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use mynah_classic::characters::{from_utf8, to_utf8};
use proptest::prelude::*;

/// Those that servers have and that can be converted.
const NAMES: [&str; 32] = [
    "utf8mb4", "utf8mb3", "utf8", "ascii", "latin1", "latin2", "latin5", "latin7", "greek",
    "hebrew", "tis620", "cp1250", "cp1251", "cp1256", "cp1257", "cp866", "koi8r", "koi8u",
    "macroman", "sjis", "cp932", "ujis", "eucjpms", "euckr", "big5", "gb2312", "gbk", "gb18030",
    "ucs2", "utf16", "utf16le", "utf32",
];

#[test]
fn texts_have_the_bytes_of_their_character_set() {
    for (bytes, name, text) in [
        (&b"caf\xe9 \x80"[..], "latin1", "café €"),
        (b"\x83\x5c", "sjis", "ソ"),
        (b"\xc4\xe3", "gbk", "你"),
        (b"\x81\x30\x81\x30", "gb18030", "\u{80}"),
        (b"\xcf\xf0", "cp1251", "Пр"),
        (b"\x00a\x00b", "ucs2", "ab"),
        (b"a\x00\x3d\xd8\x00\xde", "utf16le", "a😀"),
        (b"\x00\x00\x00a\x00\x01\xf6\x00", "utf32", "a😀"),
        (b"abc", "cp850", "abc"),
        ("é".as_bytes(), "utf8mb4", "é"),
    ] {
        assert_eq!(to_utf8(bytes, name).unwrap(), text, "{name}");
        assert_eq!(from_utf8(text, name).unwrap(), bytes, "{name}");
    }
}

#[test]
fn what_is_not_in_a_character_set_becomes_a_question_mark() {
    for (text, name, bytes) in [
        ("a☕b", "latin1", &b"a?b"[..]),
        ("é😀", "ascii", b"??"),
        ("é😀", "utf8mb3", b"\xc3\xa9?"),
        ("😀", "ucs2", b"\x00?"),
        ("ж☕", "cp1251", b"\xe6?"),
    ] {
        assert_eq!(from_utf8(text, name).unwrap(), bytes, "{name}");
    }
    for (bytes, name) in [
        (&b"\x82"[..], "cp850"),
        (b"\xff\xff", "sjis"),
        (b"\xd8\x00", "utf16"),
        (b"[", "swe7"),
        (b"a", "utf32"),
    ] {
        assert_eq!(to_utf8(bytes, name), None, "{name}");
    }
    assert_eq!(from_utf8("é", "cp850"), None);
}

proptest! {
    #[test]
    fn what_can_be_written_is_read_again(text in "\\PC{0,12}", name in prop::sample::select(&NAMES[..])) {
        let written = from_utf8(&text, name).unwrap();
        let read = to_utf8(&written, name).unwrap();
        prop_assert_eq!(read.chars().count(), text.chars().count());
        for (read, text) in read.chars().zip(text.chars()) {
            // Some character sets have one code for characters that look alike.
            let is_alike = matches!(text, '¥' | '‾' | '−' | '～' | '￥');
            prop_assert!(read == text || read == '?' || is_alike, "{} for {}", read, text);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, name in prop::sample::select(&NAMES[..])) {
        let _ = to_utf8(&bytes, name);
    }
}
