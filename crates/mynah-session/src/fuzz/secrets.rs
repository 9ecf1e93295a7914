use crate::placeholders::Dialect;
use crate::sql::{Characters, Secrets, Settings};

/// Fuzz target: looks for passwords in a statement, which is read in the way that the first byte says, and in a
/// text; then follows what the statement changes. Panics unless the ranges found are in order, apart, and inside
/// the statement.
pub fn secrets(data: &[u8]) {
    let Some((&how, sql)) = data.split_first() else {
        return;
    };
    let bit = |place: u8| how >> place & 1 == 1;
    let version: &[u8] = if bit(0) { b"11.8.9-MariaDB" } else { b"9.7.4" };
    let mut settings = Settings {
        server: Dialect::of_version(version),
        ansi_quotes: bit(1).then_some(bit(2)),
        no_backslash_escapes: bit(3).then_some(bit(4)),
        characters: Characters::ALL.get(usize::from(how >> 5)).copied(),
        character_set: None,
    };
    let mut end = 0;
    for range in Secrets::of(sql, &settings).ranges {
        assert!(
            end <= range.start && range.start < range.end && range.end <= sql.len(),
            "{range:?} behind {end} of {}",
            sql.len()
        );
        end = range.end;
    }
    let _is_secret = Secrets::are_in(sql);
    settings.unsettle(sql);
    settings.settle(sql);
}
