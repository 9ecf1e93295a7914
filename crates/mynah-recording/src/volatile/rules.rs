use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::rule::{Place, Rule, RuleError};

/// Rules that name values of statements and answers, those that differ from run to run or those that get pseudonyms, in
/// the form of options: `column:created_at`, `parameter:1`, `literal:tmp_[0-9]+`, `type:uuid`.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    texts: Vec<String>,
    rules: Vec<Rule>,
}

impl Rules {
    /// Reads rules from their texts: `column:created_at`, `type:uuid` and so on.
    ///
    /// # Errors
    /// If a text isn't a rule: the first such text, and why.
    pub fn parse<T: AsRef<str>>(
        texts: impl IntoIterator<Item = T>,
    ) -> Result<Self, (String, RuleError)> {
        let mut rules = Self::default();
        for text in texts {
            let text = text.as_ref();
            let rule = text.parse().map_err(|error| (text.to_owned(), error))?;
            if !rules.texts.iter().any(|known| known == text) {
                rules.texts.push(text.to_owned());
                rules.rules.push(rule);
            }
        }
        Ok(rules)
    }

    /// Whether there are no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The texts of the rules, as they were written.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The rules of this list and of `other`.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (text, rule) in other.texts.iter().zip(&other.rules) {
            if !self.texts.contains(text) {
                self.texts.push(text.clone());
                self.rules.push(rule.clone());
            }
        }
        self
    }

    /// Whether the whole value at a place is volatile.
    pub(super) fn is_whole(&self, place: &Place<'_>) -> bool {
        self.rules.iter().any(|rule| rule.is_whole(place))
    }

    /// What is volatile within a text, in order.
    pub(super) fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let patterns = self.rules.iter().filter_map(Rule::pattern);
        let found = patterns.flat_map(|pattern| pattern.find_iter(text));
        let mut found: Vec<_> = found.map(|found| found.range()).collect();
        found.retain(|range| !range.is_empty());
        // Of those that begin together, the longest.
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        found.retain(|range| {
            let is_free = range.start >= end;
            end = if is_free { range.end } else { end };
            is_free
        });
        found
    }
}

impl FromStr for Rules {
    type Err = RuleError;

    /// Reads one rule.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        Self::parse([text]).map_err(|(_, error)| error)
    }
}

/// Questions of what proposes rules.
impl Rules {
    /// Whether a text is volatile as a whole.
    pub(crate) fn is_all_of(&self, text: &str) -> bool {
        matches!(&*self.spans(text), [span] if span.len() == text.len())
    }

    /// Whether two texts differ only in what is volatile within them.
    pub(crate) fn is_same_but_for_spans(&self, one: &str, other: &str) -> bool {
        let (of_one, of_other) = (self.rest(one), self.rest(other));
        of_one.len() > 1 && of_one == of_other
    }

    /// What stands around the volatile parts of a text.
    fn rest<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut end = 0;
        let spans = self.spans(text).into_iter();
        let mut rest: Vec<_> = spans
            .map(|span| {
                let between = text.get(end..span.start).unwrap_or_default();
                end = span.end;
                between
            })
            .collect();
        rest.push(text.get(end..).unwrap_or_default());
        rest
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts
    }
}

impl Eq for Rules {}

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.texts.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        Self::parse(texts).map_err(|(text, error)| de::Error::custom(format!("{text}: {error}")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn what_is_volatile_within_a_text_is_found() {
        let rules = Rules::parse([
            "type:uuid",
            "type:timestamp",
            "type:date",
            "literal:tmp_[0-9]+",
        ])
        .unwrap();
        let text = r#"{"id": "6fa459ea-ee8a-3ca4-894e-db77e160355e", "at": "2026-11-29T20:00:01.5Z", "on": "2026-11-29", "t": "tmp_17", "n": 17, "h": "6fa459eaee8a3ca4894edb77e160355e", "md5": "6fa459eaee8a0ca4094edb77e160355e"}"#;
        let found: Vec<_> = rules
            .spans(text)
            .into_iter()
            .map(|span| &text[span])
            .collect();
        assert_eq!(
            found,
            [
                "6fa459ea-ee8a-3ca4-894e-db77e160355e",
                "2026-11-29T20:00:01.5Z",
                "2026-11-29",
                "tmp_17",
                "6fa459eaee8a3ca4894edb77e160355e"
            ]
        );
    }

    #[test]
    fn a_text_that_is_no_rule_says_why() {
        for (text, why) in [
            ("created_at", "a rule is column:NAME, "),
            ("colum:a", "'colum' isn't a kind of rule; "),
            ("column:", "column: what?"),
            ("parameter:x", "parameter:x has no number from 1 on"),
            ("parameter:0:insert", "parameter:0:insert has no number"),
            ("literal:(", "literal: unclosed group"),
            ("type:time", "type:time isn't known; there are uuid, "),
        ] {
            let (_, error) = Rules::parse([text]).unwrap_err();
            assert!(error.to_string().starts_with(why), "{error}");
        }
    }
}
