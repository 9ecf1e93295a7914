//! Texts that contain passwords: statements, options, JSON, URLs.

use mynah_sql::{Comments, Reading};

use super::finder::Finder;
use crate::sql::names;

/// Whether there may be a password in a text, or a statement that one is put behind.
pub(super) fn has_password(text: &[u8], reading: Reading, depth: usize) -> bool {
    // Addresses first: they need none of the words that are looked for below.
    if has_address_with_password(text) {
        return true;
    }
    if !names::may_have_passwords(text) {
        return false;
    }
    let mentions = names::mentions_password(text);
    // A text in a text in a text … is hidden if it only mentions a password.
    if depth >= DEEPEST {
        return mentions;
    }
    // JSON and options are quoted as they are, whatever the sql_mode says.
    let plain = Reading {
        ansi_quotes: false,
        no_backslash_escapes: false,
        ..reading
    };
    let is_found = |reading| {
        let found = Finder::new(text, reading, depth + 1).find();
        // Prose has apostrophes.
        (found.is_torn && mentions) || found.is_open || !found.secrets.is_empty()
    };
    // What isn't this statement may be read by another server, which runs other comments.
    let mut comments = vec![reading.comments];
    if names::RUN_COMMENTS.are_in(text) {
        comments.extend([Comments::All, Comments::None]);
        comments.dedup();
    }
    comments.into_iter().any(|comments| {
        let [plain, reading] = [plain, reading].map(|reading| Reading {
            comments,
            ..reading
        });
        is_found(plain) || (plain != reading && is_found(reading))
    })
}

/// Whether a text is the name of a password, or the path of one in a document: `$.password`.
pub(super) fn is_name_of_password(text: &[u8]) -> bool {
    let path = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.$[]*\"`".contains(byte);
    text.len() <= LONGEST_NAME && text.iter().all(path) && names::mentions_password(text) && {
        let last = text.rsplit(|&byte| byte == b'.').next().unwrap_or(text);
        let last: Vec<u8> = last
            .iter()
            .filter(|byte| !b"\"`$[]*".contains(byte))
            .copied()
            .collect();
        names::is_password_name(&last)
    }
}

/// Whether a word of the text is a URL with a password, `scheme://user:password@host`.
fn has_address_with_password(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = rest.windows(3).position(|window| window == b"://") {
        rest = rest.get(at + 3..).unwrap_or_default();
        let end = rest.iter().position(u8::is_ascii_whitespace);
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        // A user with a password has a colon before the `@`.
        let mut from_colon = word.iter().skip_while(|&&byte| byte != b':');
        if from_colon.any(|&byte| byte == b'@') {
            return true;
        }
        // Another address in the word would have been found with the first.
        rest = behind;
    }
    false
}

/// How deep statements in texts of statements are looked at.
const DEEPEST: usize = 3;

const LONGEST_NAME: usize = 256;
