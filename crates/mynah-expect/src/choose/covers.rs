use crate::model::{Command, Expectation, Origin, TextMatch};
use crate::text::Spacing;

impl<A> Expectation<A> {
    /// Whether this expectation matches each statement that `other` matches, any number of times and in any state. If
    /// so, and this expectation is tried first, `other` never matches. In doubt the result is `false`.
    #[must_use]
    pub fn covers<B>(&self, other: &Expectation<B>) -> bool {
        let has_end = self.times.max.is_some_and(|max| max > 0);
        let has_state = self
            .scenario
            .as_ref()
            .is_some_and(|scenario| scenario.when.is_some());
        // Without a command, an expectation matches only statements that are run.
        let is_of_statement = other.origin.command.is_none_or(Command::is_statement);
        let covers_origin =
            self.origin == other.origin || (self.origin == Origin::default() && is_of_statement);
        let covers_params = self.params.is_none() || self.params == other.params;
        let covers_text = match (&self.text, &other.text) {
            (None, _) => true,
            (Some(one), Some(other)) => covers_text(one, other),
            (Some(_), None) => false,
        };
        !has_end && !has_state && covers_origin && covers_params && covers_text
    }
}

fn covers_text(one: &TextMatch, other: &TextMatch) -> bool {
    match (one, other) {
        (TextMatch::Digest(digest), TextMatch::Statement(statement)) => {
            statement.digest() == digest
        }
        (TextMatch::Prefix(one), TextMatch::Prefix(other)) => {
            other.joined().starts_with(&**one.joined())
        }
        (TextMatch::Prefix(prefix), TextMatch::Statement(statement)) => {
            let forms = statement.forms(&[], Spacing::Joined);
            forms
                .iter()
                .any(|form| form.starts_with(&**prefix.joined()))
        }
        (TextMatch::Regex(pattern), TextMatch::Statement(statement)) => {
            let forms = statement.forms(&[], Spacing::Collapsed);
            forms.iter().any(|form| pattern.is_in(form))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::model::Expectations;

    fn covers(one: &Value, other: &Value) -> bool {
        let list = Expectations::from_json(&json!([one, other])).unwrap().list;
        let [one, other] = list.as_slice() else {
            panic!("{list:?}")
        };
        one.covers(other)
    }

    #[test]
    fn what_an_expectation_covers_is_never_reached_behind_it() {
        for (one, other, expected) in [
            (
                json!({"stmt": "select 1"}),
                json!({"stmt": "select  1"}),
                true,
            ),
            (
                json!({"stmt": "select 1"}),
                json!({"stmt": "select 2"}),
                false,
            ),
            (
                json!({"stmt": "a", "times": 2}),
                json!({"stmt": "a"}),
                false,
            ),
            (json!({"stmt": "a", "times": 0}), json!({"stmt": "a"}), true),
            (
                json!({"stmt": "a", "when": "x"}),
                json!({"stmt": "a"}),
                false,
            ),
            (json!({"user": "ada"}), json!({"stmt": "a"}), false),
            (
                json!({"user": "ada"}),
                json!({"stmt": "a", "user": "ada"}),
                true,
            ),
            (json!({}), json!({"stmt_regex": "x"}), true),
            (json!({}), json!({"command": "find"}), true),
            (json!({}), json!({"command": "init_db"}), false),
            (json!({}), json!({"command": "admin"}), false),
            (json!({}), json!({"command": "field_list"}), false),
            (
                json!({"stmt": "a"}),
                json!({"stmt": "a", "command": "prepare", "error": "ER_PARSE_ERROR"}),
                false,
            ),
            (
                json!({"command": "admin"}),
                json!({"command": "admin", "stmt": "ping"}),
                true,
            ),
            (
                json!({"stmt_prefix": "insert into "}),
                json!({"stmt": "insert into t values (?)"}),
                true,
            ),
            (
                json!({"stmt_prefix": "insert "}),
                json!({"stmt_prefix": "insert into t"}),
                true,
            ),
            (
                json!({"stmt_prefix": "insert into t"}),
                json!({"stmt_prefix": "insert "}),
                false,
            ),
            (
                json!({"stmt_regex": "^sel"}),
                json!({"stmt": "select 1"}),
                true,
            ),
            (
                json!({"digest": "select 1"}),
                json!({"stmt": "SELECT 2"}),
                true,
            ),
            (
                json!({"stmt": "select ?", "params": [1]}),
                json!({"stmt": "select ?"}),
                false,
            ),
        ] {
            assert_eq!(covers(&one, &other), expected, "{one} {other}");
        }
    }
}
