//! Which columns the values of a statement are stored in or compared with.

use super::element::{Element, ElementKind};

/// For each value of a statement, the name of its column in lower case, where the text says it:
/// `INSERT INTO t (name) VALUES ('ada')`, `SET name = 'ada'`, `name IN (?, ?)`, `name BETWEEN ? AND ?`.
pub(crate) fn value_columns(sql: &str, elements: &[Element]) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let mut scan = Scan {
        elements: elements
            .iter()
            .map(|element| Part {
                text: sql.get(element.range.clone()).unwrap_or_default(),
                is_value: element.kind != ElementKind::Fixed,
            })
            .collect(),
        depth: 0,
        compared: None,
        inserted: None,
    };
    for at in 0..scan.elements.len() {
        if scan.elements.get(at).is_some_and(|part| part.is_value) {
            found.push(scan.column(at));
        } else {
            scan.step(at);
        }
    }
    found
}

/// The names in a statement, in lower case and without quotes.
pub(crate) fn names(sql: &str, elements: &[Element]) -> impl Iterator<Item = String> {
    let fixed = elements
        .iter()
        .filter(|element| element.kind == ElementKind::Fixed);
    fixed.filter_map(move |element| {
        let text = sql.get(element.range.clone()).unwrap_or_default();
        is_name(text).then(|| plain(text))
    })
}

#[derive(Debug)]
struct Scan<'a> {
    elements: Vec<Part<'a>>,
    depth: usize,
    compared: Option<Compared>,
    inserted: Option<Inserted>,
}

#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    text: &'a str,
    is_value: bool,
}

/// A comparison or an assignment that is open.
#[derive(Debug)]
struct Compared {
    column: String,
    depth: usize,
    /// Whether the next AND is that of BETWEEN.
    is_between: bool,
}

/// Rows behind VALUES.
#[derive(Debug)]
struct Inserted {
    columns: Vec<String>,
    depth: usize,
    /// Which value of its row comes.
    place: usize,
}

impl Scan<'_> {
    fn text(&self, at: usize) -> &str {
        let part = self.elements.get(at).filter(|part| !part.is_value);
        part.map_or("", |part| part.text)
    }

    /// The column of the value at this place.
    fn column(&self, at: usize) -> Option<String> {
        if let Some(compared) = &self.compared {
            return Some(compared.column.clone());
        }
        if let Some(inserted) = &self.inserted
            && self.depth > inserted.depth
        {
            return inserted.columns.get(inserted.place).cloned();
        }
        // `7 = id`: the last part of a name with points.
        if !is_comparison(self.text(at + 1)) {
            return None;
        }
        let mut name = at + 2;
        while self.text(name + 1) == "." {
            name += 2;
        }
        let is_call = self.text(name + 1) == "(";
        (is_name(self.text(name)) && !is_call).then(|| plain(self.text(name)))
    }

    fn step(&mut self, at: usize) {
        let text = self.text(at).to_owned();
        match text.as_str() {
            "(" => self.depth += 1,
            ")" => {
                self.depth = self.depth.saturating_sub(1);
                self.end_above(self.depth);
            }
            "," => {
                self.end_from(self.depth);
                if let Some(inserted) = &mut self.inserted
                    && self.depth == inserted.depth + 1
                {
                    inserted.place += 1;
                } else if let Some(inserted) = &mut self.inserted
                    && self.depth == inserted.depth
                {
                    inserted.place = 0;
                }
            }
            _ if is_comparison(&text) => self.compare(at, false),
            _ => self.word(&text.to_ascii_uppercase(), at),
        }
    }

    fn word(&mut self, word: &str, at: usize) {
        match word {
            "AND" => match &mut self.compared {
                Some(compared) if compared.is_between && compared.depth == self.depth => {
                    compared.is_between = false;
                }
                _ => self.end_from(self.depth),
            },
            "IN" | "LIKE" | "REGEXP" | "RLIKE" => self.compare(at, false),
            "BETWEEN" => self.compare(at, true),
            "VALUES" | "VALUE" => {
                self.compared = None;
                self.inserted = self.column_list(at).map(|columns| Inserted {
                    columns,
                    depth: self.depth,
                    place: 0,
                });
            }
            // `ON DUPLICATE KEY UPDATE` ends the rows, and so does a query.
            "ON" | "SELECT" | "AS" if self.depth == 0 => {
                self.inserted = None;
                self.end_from(0);
            }
            _ if ENDS.contains(&word) => self.end_from(self.depth),
            _ => {}
        }
    }

    /// Something is compared with what follows, or stored there.
    fn compare(&mut self, at: usize, is_between: bool) {
        self.end_from(self.depth);
        let mut before = at.checked_sub(1);
        if let Some(not) = before
            && self.text(not).eq_ignore_ascii_case("NOT")
        {
            before = not.checked_sub(1);
        }
        let Some(before) = before else { return };
        // `lower(name) = 'ada'`
        let is_call = self.text(before) == ")";
        let name = self.text(before.saturating_sub(usize::from(is_call)));
        if is_name(name) && !is_word_of_sql(name) {
            self.compared = Some(Compared {
                column: plain(name),
                depth: self.depth,
                is_between,
            });
        }
    }

    /// The names in parentheses before this place: the columns of an INSERT.
    fn column_list(&self, values: usize) -> Option<Vec<String>> {
        let mut at = values.checked_sub(1)?;
        if self.text(at) != ")" {
            return None;
        }
        let mut names = Vec::new();
        loop {
            at = at.checked_sub(1)?;
            match self.text(at) {
                "(" => break,
                // Of `t.name` only the name counts.
                "." => at = at.checked_sub(1)?,
                "," => {}
                name if is_name(name) => names.push(plain(name)),
                _ => return None,
            }
        }
        names.reverse();
        (!names.is_empty()).then_some(names)
    }

    fn end_from(&mut self, depth: usize) {
        if self
            .compared
            .as_ref()
            .is_some_and(|compared| compared.depth >= depth)
        {
            self.compared = None;
        }
    }

    fn end_above(&mut self, depth: usize) {
        self.end_from(depth + 1);
    }
}

fn is_comparison(text: &str) -> bool {
    matches!(
        text,
        "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" | "<=>" | ":="
    )
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '`' | '"' | '@'))
}

/// Words that a comparison may follow, and that are no columns.
fn is_word_of_sql(name: &str) -> bool {
    ["WHERE", "AND", "OR", "ON", "SET", "SELECT", "WHEN"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(name))
}

/// A name without its quotes, in lower case.
fn plain(name: &str) -> String {
    let quoted = |quote: char| name.strip_prefix(quote)?.strip_suffix(quote);
    let name = quoted('`').or_else(|| quoted('"')).unwrap_or(name);
    name.to_lowercase()
}

/// Words that end a comparison.
const ENDS: &[&str] = &[
    "OR", "XOR", "WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "UNION", "THEN", "ELSE", "END",
    "WHEN", "FROM", "OFFSET", "SET", "&&", "||",
];

#[cfg(test)]
mod tests {
    use crate::text::Statement;

    #[test]
    fn values_are_of_the_columns_that_they_are_stored_in_or_compared_with() {
        for (sql, columns) in [
            (
                "insert into t (a, `B`) values (1, now()), (?, lower('x'))",
                "a a b",
            ),
            (
                "insert into t (t.a) value (1) on duplicate key update b = 2, c = c + 3",
                "a b c",
            ),
            ("replace t(a,b) values(1,2)", "a b"),
            ("insert into t values (1)", "-"),
            (
                "update t set a = 1, b = 'x' where t.c = ? and d <> 4 limit 5",
                "a b c d -",
            ),
            (
                "select 1 from t where a in (1, 2) and b not in (3) or c between 4 and 5 and 6",
                "- a a b c c -",
            ),
            (
                "select * from t where lower(a) = 'x' and 7 = t.b and c like '%x%'",
                "a b c",
            ),
            ("select * from t where a > 1 order by 2", "a -"),
            (
                "select a from t where id = cast(? as char) group by b having count(*) > 3",
                "id -",
            ),
            (
                "delete from t where (a = 1 or `b` is not null) and c = 2",
                "a c",
            ),
            ("kill 7", "-"),
            ("", ""),
        ] {
            let columns: Vec<_> = columns.split_whitespace().collect();
            let found = Statement::new(sql).value_columns();
            let found: Vec<_> = found
                .iter()
                .map(|name| name.as_deref().unwrap_or("-"))
                .collect();
            assert_eq!(found, columns, "{sql}");
        }
    }
}
