use super::propose::{Difference, rule, shown};
use crate::{Entry, PartName};

/// Where the values of two statements of one shape differ.
pub(super) fn value_differences(part: &PartName, one: &Entry, other: &Entry) -> Vec<Difference> {
    let mut found = Vec::new();
    for (one_call, other_call) in one.calls().iter().zip(other.calls()) {
        let columns = one_call.statement.value_columns();
        let names = one_call.statement.names();
        let values = one_call.values().into_iter().zip(other_call.values());
        for (index, (a, b)) in values.enumerate().filter(|(_, (a, b))| !a.is_same(b)) {
            let column = columns.get(index).cloned().flatten();
            let number = index + 1;
            let place = match &column {
                Some(column) => format!("value {number} ({column})"),
                None => format!("value {number}"),
            };
            let by_column = column.map(|column| match table(&names) {
                Some(table) => format!("column:{table}.{column}"),
                None => format!("column:{column}"),
            });
            let by_number = match names.first().map(String::as_str) {
                Some("kill") => Some("type:thread_id".to_owned()),
                _ => beginning(one.stmt.as_str()).map(|text| format!("parameter:{number}:{text}")),
            };
            found.push(Difference {
                part: part.clone(),
                statement: one.stmt.to_string(),
                place,
                rule: rule(&a, &b, by_column, by_number),
                one: shown(&a),
                other: shown(&b),
            });
        }
    }
    found
}

/// The first table that a statement names.
fn table(names: &[String]) -> Option<&String> {
    let before = names
        .iter()
        .position(|name| ["into", "update", "from"].contains(&&**name))?;
    // Names of schemas aren't told from those of tables.
    names.get(before + 1)
}

/// The words of a statement before its first value, in one line.
fn beginning(text: &str) -> Option<String> {
    let end = text.find(['\'', '"', '?', '(', '=']).unwrap_or(text.len());
    let words: Vec<_> = text.get(..end)?.split_whitespace().collect();
    let words = words
        .into_iter()
        .take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    Some(words.collect::<Vec<_>>().join(" ").to_lowercase())
}
