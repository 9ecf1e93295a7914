use std::collections::BTreeMap;

use serde_json::Value;

use super::entry::Entry;

/// The system variables that a recorded server told, by their names in lower case: the first value of each.
#[derive(Debug, Default)]
pub(crate) struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The value that the server told, as it wrote it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Takes over what an entry tells: `SELECT @@…`, `SHOW VARIABLES`.
    pub(super) fn learn(&mut self, entry: &Entry) {
        if entry.command.is_some() {
            return;
        }
        let text = entry.stmt.as_str().trim_start().to_ascii_lowercase();
        let results = entry
            .answers
            .iter()
            .filter_map(|answer| answer.get("result"));
        if text.starts_with("show") && text.contains("variables") {
            results.for_each(|result| self.learn_list(result));
        } else if text.contains("@@") && !text.contains(" from ") {
            results.for_each(|result| self.learn_columns(&text, result));
        }
    }

    /// Rows of names and values.
    fn learn_list(&mut self, result: &Value) {
        for row in result
            .get("rows")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some([name, value]) = row.as_array().map(Vec::as_slice)
                && let Some((name, value)) = name.as_str().zip(value.as_str())
            {
                self.add(name, value);
            }
        }
    }

    /// One row, whose columns have the names of variables.
    fn learn_columns(&mut self, text: &str, result: &Value) {
        let list = |key| result.get(key).and_then(Value::as_array);
        let rows = list("rows").map(Vec::as_slice);
        let (Some(columns), Some([Value::Array(cells)])) = (list("columns"), rows) else {
            return;
        };
        for (column, cell) in columns.iter().zip(cells) {
            let name = column.get("name").and_then(Value::as_str);
            let (Some(name), Some(value)) = (name, cell.as_str()) else {
                continue;
            };
            let name = name.to_ascii_lowercase();
            let name = name.strip_prefix("@@").unwrap_or(&name);
            let scopes = ["session.", "local.", "global."];
            let name = scopes
                .iter()
                .find_map(|scope| name.strip_prefix(scope))
                .unwrap_or(name);
            // Another name for a column may be that of another variable.
            let is_asked = |scope: &&str| names_whole(text, &format!("@@{scope}{name}"));
            if ["", "session.", "local.", "global."].iter().any(is_asked) {
                self.add(name, value);
            }
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        self.0.entry(name).or_insert_with(|| value.to_owned());
    }
}

/// Whether a variable stands in a text, and not only one whose name begins with this one.
fn names_whole(text: &str, variable: &str) -> bool {
    let mut rests = text.split(variable).skip(1);
    rests.any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_are_learned_by_the_names_that_statements_ask_for() {
        let mut variables = Variables::default();
        let mut learn = |stmt: &str, columns: &[&str], rows: Value| {
            let columns: Vec<_> = columns.iter().map(|name| json!({"name": name})).collect();
            let answers = json!([{"result": {"columns": columns, "rows": rows}}]);
            let entry = json!({"stmt": stmt, "answers": answers});
            variables.learn(&Entry::read(entry).unwrap());
        };
        learn(
            "SELECT @@max_allowed_packet, @@session.sql_mode AS sql_mode, @@port AS p",
            &["@@max_allowed_packet", "sql_mode", "p"],
            json!([["1048576", "ANSI", "3306"]]),
        );
        learn(
            "select @@max_allowed_packet",
            &["@@max_allowed_packet"],
            json!([["7"]]),
        );
        let row = json!([["lower_case_table_names", "1"]]);
        learn(
            "show variables like 'lower%'",
            &["Variable_name", "Value"],
            row,
        );
        learn("select @@a from t", &["@@a"], json!([["1"]]));
        let found = [
            "max_allowed_packet",
            "sql_mode",
            "p",
            "port",
            "lower_case_table_names",
            "a",
        ];
        let found = found.map(|name| variables.get(name).unwrap_or("-").to_owned());
        assert_eq!(found, ["1048576", "ANSI", "-", "-", "1", "-"]);
    }
}
