use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::{Answer, Column, Completion, Entry, Identity, Outcome};

/// The values of a statement that were replaced. Servers mention them in the middle of texts, as in
/// `Duplicate entry 'ada-5' for key 'name'` or in the names of computed columns. The longest come first.
#[derive(Debug, Default)]
pub(super) struct Mentions(BTreeMap<(Reverse<usize>, String), String>);

impl Mentions {
    pub(super) fn add(&mut self, value: &Identity, new: &Identity) {
        let (value, new) = (value.text(), new.text());
        if value.chars().count() >= SHORTEST && self.0.len() < MOST {
            self.0.insert((Reverse(value.len()), value), new);
        }
    }

    /// Replaces the values in the messages of the answers, and in the names of computed columns.
    pub(super) fn replace(&self, entry: &mut Entry) {
        if self.0.is_empty() {
            return;
        }
        if let Some(prepared) = &mut entry.prepared {
            self.columns(&mut prepared.columns);
        }
        for answer in &mut entry.answers {
            self.answer(answer);
        }
    }

    fn answer(&self, answer: &mut Answer) {
        if let Some(outcome) = &mut answer.outcome {
            self.outcome(outcome);
        }
    }

    fn outcome(&self, outcome: &mut Outcome) {
        match outcome {
            Outcome::Ok(ok) => self.completion(ok),
            Outcome::Error(failure) => self.text(&mut failure.message),
            Outcome::Result(result) | Outcome::OutParameters(result) => {
                self.columns(&mut result.columns);
                self.completion(&mut result.end);
            }
            Outcome::LocalInfile(file) => {
                self.text(&mut file.filename);
                self.answer(&mut file.answer);
            }
            Outcome::Results(results) => results.iter_mut().for_each(|each| self.outcome(each)),
            Outcome::Prepared(prepared) => self.columns(&mut prepared.columns),
        }
    }

    fn completion(&self, ok: &mut Completion) {
        self.text(&mut ok.message);
        for warning in &mut ok.warnings {
            self.text(&mut warning.message);
        }
    }

    fn columns(&self, columns: &mut [Column]) {
        let computed = columns
            .iter_mut()
            .filter(|column| column.orig_name.is_empty());
        computed.for_each(|column| self.text(&mut column.name));
    }

    /// Replaces the values where they aren't part of a longer word or number, also where their ends were cut off.
    fn text(&self, text: &mut String) {
        for ((_, value), new) in &self.0 {
            let start: String = value.chars().take(SHORTEST_START).collect();
            let places = text.match_indices(&start).map(|(at, _)| at);
            let places: Vec<_> = places.collect();
            for at in places.into_iter().rev() {
                let (before, rest) = text.split_at_checked(at).unwrap_or_default();
                let Some((end, new)) = mentioned(before, rest, value, new) else {
                    continue;
                };
                text.replace_range(at..at + end, &new);
            }
        }
    }
}

/// How many bytes of `rest` are the value, or its beginning, and what stands in their place.
fn mentioned(before: &str, rest: &str, value: &str, new: &str) -> Option<(usize, String)> {
    let same = rest.chars().zip(value.chars()).take_while(|(a, b)| a == b);
    let (count, end) = same.fold((0, 0), |(count, end), (c, _)| {
        (count + 1, end + c.len_utf8())
    });
    let behind = rest.get(end..)?.chars().next();
    let is_whole = end == value.len();
    let is_cut = count >= SHORTEST_START && matches!(behind, None | Some('\''));
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if is_part(before.chars().next_back()) || !(is_whole && !is_part(behind) || is_cut) {
        return None;
    }
    let new = match is_whole {
        true => new.to_owned(),
        false => new.chars().take(count).collect(),
    };
    Some((end, new))
}

/// The fewest characters of a value that is looked for.
const SHORTEST: usize = 2;

/// How many characters of a value must be there where its end was cut off.
const SHORTEST_START: usize = 4;

/// The most values of a statement that are looked for.
const MOST: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(values: &[(&str, &str)], text: &str) -> String {
        let mut mentions = Mentions::default();
        for (value, new) in values {
            mentions.add(&Identity::of_text(value), &Identity::of_text(new));
        }
        let mut text = text.to_owned();
        mentions.text(&mut text);
        text
    }

    #[test]
    fn a_value_is_found_between_other_signs_but_not_in_a_longer_word() {
        let values = [
            ("ada", "qrx"),
            ("ada@example.com", "qrx@wnrfbsm.vur"),
            ("7", "9"),
            ("4711", "2306"),
        ];
        for (text, expected) in [
            (
                "Duplicate entry 'ada-5' for key 'ada_key'",
                "Duplicate entry 'qrx-5' for key 'qrx_key'",
            ),
            ("to ada@example.com, 4711", "to qrx@wnrfbsm.vur, 2306"),
            ("adamant, canada, 47110", "adamant, canada, 47110"),
            ("at row 7", "at row 7"),
            ("near 'ada@exam' at line 1", "near 'qrx@wnrf' at line 1"),
            ("near 'ada@exam", "near 'qrx@wnrf"),
            ("\u{fc}ada \u{fc} ada", "\u{fc}ada \u{fc} qrx"),
        ] {
            assert_eq!(replaced(&values, text), expected);
        }
    }
}
