/// Whether a word is an introducer: `_utf8mb4` in front of a literal.
pub(super) fn is_introducer(word: &str) -> bool {
    let name = word.strip_prefix('_').map(str::to_ascii_lowercase);
    name.is_some_and(|name| CHARACTER_SETS.binary_search(&name.as_str()).is_ok())
}

/// The character sets of MySQL 9.7 and MariaDB 11.8. Sorted.
const CHARACTER_SETS: &[&str] = &[
    "armscii8", "ascii", "big5", "binary", "cp1250", "cp1251", "cp1256", "cp1257", "cp850",
    "cp852", "cp866", "cp932", "dec8", "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "geostd8",
    "greek", "hebrew", "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2", "latin5", "latin7",
    "macce", "macroman", "sjis", "swe7", "tis620", "ucs2", "ujis", "utf16", "utf16le", "utf32",
    "utf8", "utf8mb3", "utf8mb4",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(CHARACTER_SETS.is_sorted());
        assert!(is_introducer("_UTF8MB4") && !is_introducer("_utf") && !is_introducer("utf8"));
    }
}
