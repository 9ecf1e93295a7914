//! Texts in the character sets of MySQL and MariaDB, to and from UTF-8.
//!
//! Character sets go by the servers' names for them, such as `latin1`; [`Collation::by_id`](crate::tables::Collation::by_id)
//! knows the name of a collation's. These can be converted: utf8mb4, utf8mb3 (also called utf8), ascii, latin1, latin2,
//! latin5, latin7, greek, hebrew, tis620, cp1250, cp1251, cp1256, cp1257, cp866, koi8r, koi8u, macroman, sjis, cp932, ujis,
//! eucjpms, euckr, big5, gb2312, gbk, gb18030, ucs2, utf16, utf16le and utf32. The conversions are those of the [Encoding
//! Standard](https://encoding.spec.whatwg.org/). It has gbk in place of gb2312, windows-949 in place of euckr and windows-1254
//! in place of latin5, which have more characters, and differs from servers in a few rare ones.

mod wide;

use std::borrow::Cow;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, EncoderResult, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_7,
    ISO_8859_8, ISO_8859_13, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1256, WINDOWS_1257,
};

use self::wide::Wide;

/// Reads a text that is in this character set. `None` if the bytes aren't valid there, or the character set can't be
/// converted. `binary` counts as UTF-8, and a text of ASCII characters is the same in those that can't be converted, but for swe7.
///
/// ```
/// # use mynah_classic::characters::to_utf8;
/// assert_eq!(to_utf8(b"caf\xe9", "latin1").as_deref(), Some("café"));
/// assert_eq!(to_utf8(b"caf\xe9", "utf8mb4"), None);
/// ```
#[must_use]
pub fn to_utf8<'a>(text: &'a [u8], character_set: &str) -> Option<Cow<'a, str>> {
    if let Some(wide) = Wide::of(character_set) {
        return wide.read(text).map(Cow::Owned);
    }
    if is_utf8(character_set) || (text.is_ascii() && has_ascii(character_set)) {
        return str::from_utf8(text).ok().map(Cow::Borrowed);
    }
    encoding(character_set)?.decode_without_bom_handling_and_without_replacement(text)
}

/// Writes a text in this character set, with `?` in place of each character that isn't in it, as servers do. `None` if
/// the character set can't be converted. `binary` counts as UTF-8, and a text of ASCII characters is the same in those that
/// can't be converted, but for swe7.
///
/// ```
/// # use mynah_classic::characters::from_utf8;
/// assert_eq!(from_utf8("café ☕", "latin1").as_deref(), Some(&b"caf\xe9 ?"[..]));
/// ```
#[must_use]
pub fn from_utf8<'a>(text: &'a str, character_set: &str) -> Option<Cow<'a, [u8]>> {
    if let Some(wide) = Wide::of(character_set) {
        return Some(wide.write(text).into());
    }
    if text.is_ascii() && has_ascii(character_set) {
        return Some(text.as_bytes().into());
    }
    match character_set {
        "ascii" => Some(where_known(text, |c| c.is_ascii())),
        "utf8" | "utf8mb3" => Some(where_known(text, |c| c.len_utf8() < 4)),
        _ if is_utf8(character_set) => Some(text.as_bytes().into()),
        _ => Some(encoded(text, encoding(character_set)?).into()),
    }
}

/// A text with `?` in place of other characters.
fn where_known(text: &str, is_known: impl Fn(char) -> bool) -> Cow<'_, [u8]> {
    if text.chars().all(&is_known) {
        return text.as_bytes().into();
    }
    let known = text.chars().map(|c| if is_known(c) { c } else { '?' });
    known.collect::<String>().into_bytes().into()
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let mut encoder = encoding.new_encoder();
    let (mut written, mut rest) = (Vec::with_capacity(text.len()), text);
    loop {
        let needed = encoder.max_buffer_length_from_utf8_without_replacement(rest.len());
        written.reserve(needed.unwrap_or(0).max(MOST_OF_A_CHARACTER));
        let (result, read) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut written, true);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            EncoderResult::InputEmpty => return written,
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(_) => written.push(b'?'),
        }
    }
}

/// Whether bytes below 0x80 are ASCII characters there. In swe7, some are Swedish letters.
fn has_ascii(name: &str) -> bool {
    name != "swe7"
}

fn is_utf8(name: &str) -> bool {
    name.starts_with("utf8") || name == "binary" || name == "ascii"
}

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
        _ => return None,
    })
}

/// More bytes than a character takes in any character set.
const MOST_OF_A_CHARACTER: usize = 16;
