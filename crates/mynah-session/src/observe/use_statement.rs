//! Finds the schema that a USE statement switches to.

/// The schema of a statement that is a USE, alone or in front of others.
pub(super) fn schema_of_use(sql: &[u8]) -> Option<Vec<u8>> {
    let (word, rest) = skip(sql).split_at_checked(3)?;
    let quoted = matches!(rest.first(), Some(b'`' | b'"'));
    let apart = skip(rest).len() < rest.len();
    if !word.eq_ignore_ascii_case(b"use") || !(apart || quoted) {
        return None;
    }
    let rest = skip(rest);
    let (name, rest) = match rest.split_first() {
        Some((&quote @ (b'`' | b'"'), rest)) => unquoted(quote, rest)?,
        _ => {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || b";/#".contains(byte);
            let end = rest.iter().position(ends).unwrap_or(rest.len());
            let (name, rest) = rest.split_at(end);
            (name.to_vec(), rest)
        }
    };
    let rest = skip(rest);
    let is_whole = rest.is_empty() || rest.starts_with(b";");
    (is_whole && !name.is_empty()).then_some(name)
}

/// The name between quotes, and the text behind it. A doubled quote stands for one.
fn unquoted(quote: u8, text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (mut name, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.iter().position(|&byte| byte == quote)?;
        let (part, after) = rest.split_at(end);
        name.extend_from_slice(part);
        rest = after.get(1..)?;
        match rest.strip_prefix(&[quote]) {
            Some(after) => {
                name.push(quote);
                rest = after;
            }
            None => return Some((name, rest)),
        }
    }
}

/// The text behind leading white space and comments.
fn skip(sql: &[u8]) -> &[u8] {
    let mut rest = sql.trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'/', b'*', ..] => b"*/",
            [b'#', ..] | [b'-', b'-', b' ' | b'\t' | b'\n', ..] => b"\n",
            _ => return rest,
        };
        let inside = rest.get(2..).unwrap_or_default();
        let at = inside.windows(end.len()).position(|part| part == end);
        let after = at.and_then(|at| inside.get(at + end.len()..));
        rest = after.unwrap_or_default().trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_distinguished_from_other_statements() {
        for (sql, schema) in [
            ("use shop", Some("shop")),
            (" USE\tshop ; ", Some("shop")),
            ("use`a``b`", Some("a`b")),
            ("use \"a b\"", Some("a b")),
            ("/* why */ use /* not */ shop -- now\n", Some("shop")),
            ("# so\nuse shop# there", Some("shop")),
            ("use shop; select 1", Some("shop")),
            ("use zoë", Some("zoë")),
            ("use", None),
            ("use ", None),
            ("use ;", None),
            ("use `shop", None),
            ("user shop", None),
            ("use shop now", None),
            ("select 'use shop'", None),
            ("", None),
            ("/* use shop", None),
        ] {
            let found = schema_of_use(sql.as_bytes());
            assert_eq!(found.as_deref(), schema.map(str::as_bytes), "{sql}");
        }
    }
}
