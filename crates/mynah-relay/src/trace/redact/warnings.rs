/// Whether a statement asks for warnings or errors of the one before.
pub(in crate::trace) fn shows_warnings(sql: &[u8]) -> bool {
    let sql = sql.get(..LONGEST_SHOW).unwrap_or(sql).to_ascii_lowercase();
    let has = |word: &[u8]| sql.windows(word.len()).any(|window| window == word);
    has(b"show") && (has(b"warnings") || has(b"errors"))
}

/// How far a SHOW WARNINGS is looked for.
const LONGEST_SHOW: usize = 1024;
