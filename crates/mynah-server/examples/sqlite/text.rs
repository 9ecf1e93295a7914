//! MySQL's text of a statement as SQLite's.

/// The text with SQLite's literals, comments and casts; `schema` is the name that clients have for the file.
pub(crate) fn to_sqlite(text: &str, schema: &str) -> String {
    let (mut sqlite, mut rest, mut last) = (String::new(), text.trim(), String::new());
    while let Some(next) = rest.chars().next() {
        let end_of_line = || rest.find('\n').unwrap_or(rest.len());
        let skipped = match next {
            '#' => end_of_line(),
            '-' if rest.starts_with("-- ") => end_of_line(),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '\'' | '"' => {
                let (value, len) = literal(rest, next);
                sqlite += &format!("'{}'", value.replace('\'', "''"));
                len
            }
            '`' => {
                let len = rest.get(1..).and_then(|name| name.find('`'));
                let len = len.map_or(rest.len(), |at| at + 2);
                let (name, after) = rest.split_at(len);
                let is_schema = name.trim_matches('`') == schema && after.starts_with('.');
                sqlite += if is_schema { "main" } else { name };
                len
            }
            '@' if rest.starts_with("@@") => {
                let len = 2 + word(rest.get(2..).unwrap_or_default());
                let name = rest.get(2..len).unwrap_or_default();
                let name = name.rsplit('.').next().unwrap_or_default();
                sqlite += &format!(
                    "(select value from information_schema.variables where name = '{}')",
                    name.to_ascii_lowercase()
                );
                len
            }
            letter if letter.is_alphanumeric() || matches!(letter, '_' | '$') => {
                let len = rest
                    .find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '$'))
                    .unwrap_or(rest.len());
                let (name, after) = rest.split_at(len);
                let lower = name.to_ascii_lowercase();
                let after_comma = sqlite.trim_end().ends_with(',');
                let quoted = format!("`{name}`");
                sqlite += match (&last[..], &lower[..]) {
                    // To SQLite, `$` begins a placeholder.
                    _ if name.contains('$') => &quoted,
                    _ if lower.starts_with('_') && after.starts_with('\'') => "",
                    _ if name == schema && after.starts_with('.') => "main",
                    ("as", "signed" | "unsigned") => "integer",
                    ("signed" | "unsigned", "integer") => "",
                    // The second argument of CONVERT.
                    (_, "signed" | "unsigned") if after_comma => "'integer'",
                    ("as", "char" | "date" | "datetime") if after.starts_with(')') => "text",
                    ("as", "binary") => "blob",
                    (_, "ucase") if after.starts_with('(') => "upper",
                    (_, "lcase") if after.starts_with('(') => "lower",
                    (_, "least") if after.starts_with('(') => "min",
                    (_, "greatest") if after.starts_with('(') => "max",
                    _ => name,
                };
                last = lower;
                len
            }
            other => {
                sqlite.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(skipped..).unwrap_or_default();
    }
    sqlite.trim_end_matches([';', ' ', '\n']).to_owned()
}

/// A name without its quotes and what qualifies it.
pub(crate) fn unquoted(name: &str) -> &str {
    let name = name.rsplit('.').next().unwrap_or_default();
    name.trim_matches(['`', '\'', '"', ';'])
}

fn word(text: &str) -> usize {
    let is_in = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    text.find(|letter| !is_in(letter)).unwrap_or(text.len())
}

/// The value of the literal at the beginning of a text, and how long the literal is.
fn literal(text: &str, quote: char) -> (String, usize) {
    let (mut value, mut letters) = (String::new(), text.char_indices().skip(1).peekable());
    while let Some((at, letter)) = letters.next() {
        match (letter, letters.peek().copied()) {
            ('\\', Some((_, escaped))) => {
                letters.next();
                match escaped {
                    'n' => value.push('\n'),
                    'r' => value.push('\r'),
                    't' => value.push('\t'),
                    // In patterns.
                    '%' | '_' => value.extend(['\\', escaped]),
                    other => value.push(other),
                }
            }
            (letter, Some((_, next))) if letter == quote && next == quote => {
                letters.next();
                value.push(quote);
            }
            (letter, _) if letter == quote => return (value, at + 1),
            (letter, _) => value.push(letter),
        }
    }
    (value, text.len())
}
