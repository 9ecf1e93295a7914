use std::collections::HashMap;

use crate::{Answer, Column, Completion, Entry, Identity, Outcome};

/// The values of a statement that were replaced. Servers mention them in the middle of texts, as in
/// `Duplicate entry 'ada-5' for key 'name'` or in the names of computed columns.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// By their first [`START`] characters, or all if they have fewer; then by the form in which they may be mentioned.
    by_start: HashMap<String, HashMap<String, Mention>>,
}

/// What stands in the place of a value.
#[derive(Debug)]
struct Mention {
    new: String,
    is_number: bool,
}

/// Where texts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    /// Numbers outside of quotes are counts, or those of rows and lines.
    Message,
    Name,
}

impl Mentions {
    pub(super) fn add(&mut self, value: &Identity, new: &Identity) {
        let is_number = matches!(value, Identity::Number(_));
        for (value, new) in forms(value).into_iter().zip(forms(new)) {
            if value.chars().count() < SHORTEST {
                continue;
            }
            let start = value.chars().take(START).collect();
            let all = self.by_start.entry(start).or_default();
            all.entry(value).or_insert(Mention { new, is_number });
        }
    }

    /// Replaces the values in the messages of the answers, and in the names of computed columns.
    pub(super) fn replace(&self, entry: &mut Entry) {
        if self.by_start.is_empty() {
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
            Outcome::Error(failure) => self.text(&mut failure.message, Text::Message),
            Outcome::Result(result) | Outcome::OutParameters(result) => {
                self.columns(&mut result.columns);
                self.completion(&mut result.end);
            }
            Outcome::Prepared(prepared) => self.columns(&mut prepared.columns),
            Outcome::LocalInfile(file) => {
                self.text(&mut file.filename, Text::Name);
                self.answer(&mut file.answer);
            }
            Outcome::Results(results) => results.iter_mut().for_each(|each| self.outcome(each)),
        }
    }

    fn completion(&self, ok: &mut Completion) {
        self.text(&mut ok.message, Text::Message);
        for warning in &mut ok.warnings {
            self.text(&mut warning.message, Text::Message);
        }
    }

    fn columns(&self, columns: &mut [Column]) {
        let computed = columns
            .iter_mut()
            .filter(|column| column.orig_name.is_empty());
        computed.for_each(|column| self.text(&mut column.name, Text::Name));
    }

    /// Replaces the values where they aren't part of a longer word or number, also where their ends were cut off.
    fn text(&self, text: &mut String, kind: Text) {
        let mut replaced = String::with_capacity(text.len());
        let (mut rest, mut before, mut is_quoted) = (text.as_str(), None, false);
        while let Some(first) = rest.chars().next() {
            let is_inside = before.is_some_and(char::is_alphanumeric);
            let takes_numbers = kind == Text::Name || is_quoted;
            let found = (!is_inside).then(|| self.longest(rest, takes_numbers));
            let (end, new) = found.flatten().unwrap_or((first.len_utf8(), String::new()));
            let (taken, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            replaced.push_str(if new.is_empty() { taken } else { &new });
            is_quoted ^= taken.matches('\'').count() % 2 == 1;
            before = taken.chars().next_back();
            rest = behind;
        }
        *text = replaced;
    }

    /// How many bytes the longest value has that the text begins with, and what stands in its place.
    fn longest(&self, text: &str, takes_numbers: bool) -> Option<(usize, String)> {
        let lengths = (SHORTEST..=START).filter_map(|count| {
            let end = text.char_indices().nth(count).map(|(end, _)| end);
            text.get(..end.unwrap_or(text.len()))
        });
        let candidates = lengths
            .filter_map(|start| self.by_start.get(start))
            .flatten();
        let candidates = candidates.filter(|(_, mention)| takes_numbers || !mention.is_number);
        let found = candidates.filter_map(|(value, mention)| mention.at_start_of(text, value));
        found.max_by_key(|(end, _)| *end)
    }
}

impl Mention {
    /// How many bytes of the text's beginning are the value, or the beginning of the value, and what stands in their place.
    fn at_start_of(&self, text: &str, value: &str) -> Option<(usize, String)> {
        let same = text.chars().zip(value.chars());
        let same = same.take_while(|(a, b)| a == b);
        let (count, end) = same.fold((0, 0), |(count, end), (c, _)| {
            (count + 1, end + c.len_utf8())
        });
        let mut behind = text.get(end..)?;
        if end == value.len() {
            // The fraction of a decimal number or a time may have more zeros.
            let zeros = behind.trim_start_matches(['0', '.']);
            let is_fraction = self.is_number || value.contains(':');
            if is_fraction && !zeros.starts_with(|c: char| c.is_alphanumeric()) {
                behind = zeros;
            }
            let is_apart = !behind.starts_with(char::is_alphanumeric);
            return is_apart.then(|| (end, self.new.clone()));
        }
        let is_cut = count >= START && (behind.is_empty() || behind.starts_with('\''));
        is_cut.then(|| (end, self.new.chars().take(count).collect()))
    }
}

/// The forms in which a value may be mentioned: as statements write it, or as servers do. As many for each value of a kind.
fn forms(value: &Identity) -> Vec<String> {
    let text = value.text();
    match value {
        Identity::Text(text) => vec![
            text.clone(),
            text.replace('\'', "''"),
            text.replace('\\', "\\\\").replace('\'', "\\'"),
        ],
        Identity::Uuid(_) => {
            let plain = text.replace('-', "");
            vec![text.to_uppercase(), plain.to_uppercase(), plain, text]
        }
        // The fraction has as many digits as the column.
        Identity::Moment(_) => vec![text.trim_end_matches('0').trim_end_matches('.').to_owned()],
        _ => vec![text],
    }
}

/// The fewest characters of a value that is looked for.
const SHORTEST: usize = 2;

/// How many characters of a value must be there where its end was cut off.
const START: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(values: &[(&str, &str)], text: &str) -> String {
        let mut mentions = Mentions::default();
        for (value, new) in values {
            mentions.add(&Identity::of_text(value), &Identity::of_text(new));
        }
        let mut text = text.to_owned();
        mentions.text(&mut text, Text::Message);
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
            ("to ada@example.com, '4711'", "to qrx@wnrfbsm.vur, '2306'"),
            ("adamant, canada, 47110", "adamant, canada, 47110"),
            ("at row 7", "at row 7"),
            ("near 'ada@exam' at line 1", "near 'qrx@wnrf' at line 1"),
            ("near 'ada@exam", "near 'qrx@wnrf"),
            (
                "at row 4711, near '4711' at line 2",
                "at row 4711, near '2306' at line 2",
            ),
            ("\u{fc}ada \u{fc} ada", "\u{fc}ada \u{fc} qrx"),
        ] {
            assert_eq!(replaced(&values, text), expected);
        }
    }

    #[test]
    fn a_value_is_found_in_the_form_in_which_servers_and_statements_write_it() {
        let values = [
            ("O'Brien", "K'Qadre"),
            ("1234.5", "7312.5"),
            ("2024-01-02 03:04:05", "1999-07-13 22:01:56"),
            (
                "6fa459ea-ee8a-4ca4-894e-db77e160355e",
                "0b1c2d3e-ee8a-4ca4-894e-db77e160355e",
            ),
        ];
        for (text, expected) in [
            ("near 'O''Brien'' at line 1", "near 'K''Qadre'' at line 1"),
            ("near 'O\\'Brien' at line 1", "near 'K\\'Qadre' at line 1"),
            ("Duplicate entry '1234.50-7'", "Duplicate entry '7312.50-7'"),
            (
                "entry '2024-01-02 03:04:05-5' or '2024-01-02 03:04:05.000-5'",
                "entry '1999-07-13 22:01:56-5' or '1999-07-13 22:01:56.000-5'",
            ),
            (
                "entry '6FA459EAEE8A4CA4894EDB77E160355E-5'",
                "entry '0B1C2D3EEE8A4CA4894EDB77E160355E-5'",
            ),
        ] {
            assert_eq!(replaced(&values, text), expected);
        }
    }

    #[test]
    fn there_may_be_any_number_of_values() {
        let names = |first: char| (0..5_000).map(move |n| format!("{first}{n:05}@example.com"));
        let values: Vec<_> = names('a').zip(names('b')).collect();
        let values: Vec<_> = values.iter().map(|(a, b)| (&**a, &**b)).collect();
        let text = "Duplicate entry 'a04321@example.com-5'";
        assert_eq!(
            replaced(&values, text),
            "Duplicate entry 'b04321@example.com-5'"
        );
    }
}
