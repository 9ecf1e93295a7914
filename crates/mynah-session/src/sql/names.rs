//! Names that say that what they name is a password.

/// Whether a variable, a column, an option or a field of this name has a password for its value.
#[must_use]
pub fn is_password_name(name: &[u8]) -> bool {
    let name = name.trim_ascii().to_ascii_lowercase();
    let contains = |part: &&[u8]| name.windows(part.len()).any(|window| window == *part);
    let says_so =
        PARTS.iter().any(contains) || WHOLE.contains(&&name[..]) || name.ends_with(b"pass");
    says_so && !ABOUT.iter().any(|end| name.ends_with(end))
}

/// Whether there is something in a text that such a name has in it.
#[must_use]
pub fn mentions_password(text: &[u8]) -> bool {
    find(text, PARTS) || find(text, &[b"pass", b"pw", b"identified"])
}

/// Whether it is worth to look for passwords in a statement.
pub(super) fn may_have_passwords(sql: &[u8]) -> bool {
    find(sql, PARTS) || find(sql, HINTS)
}

/// Whether one of these lower-case parts is in a text, in whatever case.
pub(super) fn find(text: &[u8], parts: &[&[u8]]) -> bool {
    let mut begins = [false; 256];
    for part in parts {
        for first in part
            .first()
            .into_iter()
            .flat_map(|byte| [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()])
        {
            if let Some(place) = begins.get_mut(usize::from(first)) {
                *place = true;
            }
        }
    }
    text.iter().enumerate().any(|(at, &byte)| {
        begins.get(usize::from(byte)).copied().unwrap_or_default()
            && parts.iter().any(|part| {
                let window = text.get(at..at + part.len());
                window.is_some_and(|window| window.eq_ignore_ascii_case(part))
            })
    })
}

const PARTS: &[&[u8]] = &[
    b"passw",
    b"pwd",
    b"passphrase",
    b"secret",
    b"credential",
    b"authentication_string",
    b"auth_string",
    b"sst_auth",
    b"private_key",
    b"api_key",
    b"apikey",
    b"access_key",
    b"challenge_response",
];

const WHOLE: &[&[u8]] = &[b"pw", b"connection"];

/// What is no password, but about one.
const ABOUT: &[&[u8]] = &[
    b"password_expired",
    b"password_last_changed",
    b"password_lifetime",
    b"password_history",
    b"password_reuse_history",
    b"password_reuse_time",
    b"password_reuse_interval",
    b"password_require_current",
    b"password_lock_time",
    b"password_errors",
];

/// Statements that are written in a text, addresses, functions that take keys, tables of accounts.
const HINTS: &[&[u8]] = &[
    b"identified",
    b"pass",
    b"pw",
    b"connection",
    b"://",
    b"aes_",
    b"des_",
    b"call",
    b"mysql",
    b"prepare",
    b"immediate",
    b"@",
    b"0x",
    b"x'",
    b"user",
    b"grant",
];
