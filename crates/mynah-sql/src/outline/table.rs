use std::fmt;

/// The name of a table in a statement, as it is written there but without quotes. `Display` writes `schema.name`, with
/// back quotes around a part that has a point, a back quote, a comma or white space, and U+FFFD in place of bytes that
/// aren't UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableName {
    /// The name of the schema; `None` if the statement doesn't name one.
    pub schema: Option<Vec<u8>>,
    /// The name of the table or view.
    pub name: Vec<u8>,
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            part(f, schema)?;
            f.write_str(".")?;
        }
        part(f, &self.name)
    }
}

fn part(f: &mut fmt::Formatter<'_>, name: &[u8]) -> fmt::Result {
    let text = String::from_utf8_lossy(name);
    let needs_quotes = |c: char| c.is_whitespace() || ".`,".contains(c);
    match text.is_empty() || text.contains(needs_quotes) {
        true => write!(f, "`{}`", text.replace('`', "``")),
        false => f.write_str(&text),
    }
}
