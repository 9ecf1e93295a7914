//! A case of MySQL's suite, as far as it needs nothing but a server and `mysqlxtest`.

use std::collections::HashMap;

/// What it does, step by step.
pub(crate) enum Step {
    /// A statement for the server.
    Sql(String),
    /// A script for `mysqlxtest`, and its options.
    Script { options: Vec<String>, text: String },
}

/// The steps of a case; nothing if it needs more than that.
pub(crate) fn steps(case: &str) -> Option<Vec<Step>> {
    let mut reader = Reader {
        variables: HashMap::new(),
        files: HashMap::new(),
        steps: Vec::new(),
    };
    let mut lines = case.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut command = match line.strip_prefix("--") {
            Some(command) => command.trim().to_owned(),
            None => {
                let mut command = line.to_owned();
                while !command.ends_with(';') {
                    command.push(' ');
                    command.push_str(lines.next()?.trim());
                }
                command.trim_end_matches(';').to_owned()
            }
        };
        if let Some(path) = command.strip_prefix("write_file ") {
            let path = reader.filled(path)?;
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "EOF").collect();
            reader.files.insert(path, text.join("\n") + "\n");
            continue;
        }
        if command.starts_with("exec ") {
            command = command.replace("$MYSQLXTEST ", "mysqlxtest ");
        }
        reader.take(&command)?;
    }
    let runs = |step: &Step| matches!(step, Step::Script { .. });
    reader.steps.iter().any(runs).then_some(reader.steps)
}

struct Reader {
    variables: HashMap<String, String>,
    files: HashMap<String, String>,
    steps: Vec<Step>,
}

impl Reader {
    fn take(&mut self, command: &str) -> Option<()> {
        let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
        match word.to_ascii_lowercase().as_str() {
            "let" => {
                let (name, value) = rest.split_once('=')?;
                let value = self.filled(value.trim())?;
                self.variables.insert(name.trim().to_owned(), value);
            }
            "source" if HARMLESS.iter().any(|file| rest.ends_with(file)) => {}
            "echo" | "remove_file" | "error" | "disable_query_log" | "enable_query_log"
            | "disable_warnings" | "enable_warnings" | "disable_result_log"
            | "enable_result_log" => {}
            "call" if rest.starts_with("mtr.") => {}
            "exec" => {
                let rest = self.filled(rest)?;
                let options = rest.strip_prefix("mysqlxtest ")?;
                let options = options
                    .trim_end()
                    .trim_end_matches("2>&1")
                    .replace('\'', "");
                let (mut others, mut text) = (Vec::new(), None);
                for option in options.split_whitespace() {
                    match option.strip_prefix("--file=") {
                        Some(file) => text = Some(self.files.get(file)?.clone()),
                        None if option.contains(['>', '|', '<']) => return None,
                        None => others.push(option.to_owned()),
                    }
                }
                self.steps.push(Step::Script {
                    options: others,
                    text: text?,
                });
            }
            "create" | "drop" | "use" | "set" | "insert" | "delete" | "update" | "grant"
            | "alter" | "truncate" | "select" | "show" => {
                self.steps.push(Step::Sql(self.filled(command)?));
            }
            _ => return None,
        }
        Some(())
    }

    /// A text with the values of its variables; nothing if one isn't known.
    fn filled(&self, text: &str) -> Option<String> {
        let mut text = text.trim().replace("$MYSQL_TMP_DIR", "");
        for (name, value) in &self.variables {
            text = text.replace(name, value);
        }
        let is_variable = |at: usize| {
            let next = text.as_bytes().get(at + 1);
            next.is_some_and(|byte| byte.is_ascii_alphabetic())
        };
        let unknown = text.match_indices('$').any(|(at, _)| is_variable(at));
        (!unknown).then_some(text)
    }
}

/// What these set up is there, or isn't needed.
const HARMLESS: &[&str] = &[
    "xplugin_preamble.inc",
    "xplugin_create_user.inc",
    "xplugin_drop_user.inc",
    "xplugin_cleanup.inc",
    "xplugin_wait_for_connection_closure.inc",
    "not_windows.inc",
    "count_sessions.inc",
    "wait_until_count_sessions.inc",
];
