use std::fmt;

use mynah_expect::{JunitCase, JunitSuite};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Check, Differing, NotCompared, Stated};
use crate::diff::short;

/// What the report calls the two sides.
#[derive(Clone, Copy, Debug)]
struct Words {
    /// A recorded value, or that of the first server.
    recorded: &'static str,
    /// The value that the recorded one is compared with.
    now: &'static str,
    not_recorded: &'static str,
    not_recorded_number: &'static str,
    never_came: &'static str,
}

const OF_A_RECORDING: Words = Words {
    recorded: "recorded",
    now: "now",
    not_recorded: "not recorded",
    not_recorded_number: "statements not recorded",
    never_came: "never came",
};

const OF_SERVERS: Words = Words {
    recorded: "first",
    now: "second",
    not_recorded: "only on the second server",
    not_recorded_number: "answers only on one server",
    never_came: "only on the first server",
};

impl Differing {
    fn in_words(&self, words: Words) -> String {
        let (one, other) = match (&self.recorded, &self.now) {
            (Some(one), Some(other)) => in_short(one, other),
            (one, other) => (one.as_deref().map(short), other.as_deref().map(short)),
        };
        let said = |text: Option<String>| match text {
            Some(text) => format!("'{text}'"),
            None => "nothing".to_owned(),
        };
        let (one, other) = (said(one), said(other));
        let Words { recorded, now, .. } = words;
        let rule = self.rule.as_ref();
        let rule = rule.map(|rule| format!("; no difference with --volatile {rule}"));
        let rule = rule.unwrap_or_default();
        format!("{}: {recorded} {one}, {now} {other}{rule}", self.place)
    }
}

/// Two texts in short. If they begin in the same way, the beginning is left out, as far as the difference wouldn't be seen.
fn in_short(one: &str, other: &str) -> (Option<String>, Option<String>) {
    let (short_one, short_other) = (short(one), short(other));
    if short_one != short_other || one == other {
        return (Some(short_one), Some(short_other));
    }
    let pairs = one.char_indices().zip(other.chars());
    let same = pairs.take_while(|((_, one), other)| one == other);
    let starts: Vec<_> = same.map(|((start, _), _)| start).collect();
    // The two texts are the same up to here, so this is a border of characters in both.
    let start = starts
        .iter()
        .rev()
        .nth(CONTEXT)
        .copied()
        .unwrap_or_default();
    let rest = |text: &str| text.get(start..).map(|rest| format!("…{}", short(rest)));
    (rest(one), rest(other))
}

/// How many characters are shown that two texts have in common.
const CONTEXT: usize = 20;

impl fmt::Display for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(OF_A_RECORDING))
    }
}

impl fmt::Display for NotCompared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} answers", self.reason, self.answers)?;
        match self.connections {
            0 => Ok(()),
            number => write!(f, "; the comparison of {number} connections ended"),
        }
    }
}

impl fmt::Display for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, short(&self.statement))
    }
}

/// For people: differences, what isn't recorded, and the counts of the rest.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words();
        let on_one = self.not_recorded.len()
            + match self.is_of_servers {
                true => self.never_came.len(),
                false => 0,
            };
        writeln!(
            f,
            "{} answers compared: {} differences, {on_one} {}",
            self.compared,
            self.differing.len(),
            words.not_recorded_number
        )?;
        let mut before = None;
        for each in &self.differing {
            if before != Some((&each.statement, each.time)) {
                writeln!(f, "differs: {}, time {}", each.statement, each.time)?;
                before = Some((&each.statement, each.time));
            }
            writeln!(f, "  {}", each.in_words(words))?;
        }
        for statement in &self.not_recorded {
            writeln!(f, "{}: {statement}", words.not_recorded)?;
        }
        for each in &self.latencies {
            let statement = &each.statement;
            let (recorded, now) = (each.recorded_us, each.now_us);
            writeln!(
                f,
                "latency: {statement}, time {}: {} {recorded} µs, {} {now} µs",
                each.time, words.recorded, words.now
            )?;
        }
        for statement in &self.never_came {
            writeln!(f, "{}: {statement}", words.never_came)?;
        }
        for each in &self.not_compared {
            writeln!(f, "not compared: {each}")?;
        }
        for rule in &self.proposed {
            writeln!(f, "differs from run to run: --volatile {rule}")?;
        }
        Ok(())
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Check", 9)?;
        json.serialize_field("is_good", &self.is_good())?;
        json.serialize_field("text", &self.to_string())?;
        json.serialize_field("compared", &self.compared)?;
        json.serialize_field("differing", &self.differing)?;
        json.serialize_field("not_recorded", &self.not_recorded)?;
        json.serialize_field("never_came", &self.never_came)?;
        json.serialize_field("latencies", &self.latencies)?;
        json.serialize_field("proposed", &self.proposed)?;
        json.serialize_field("not_compared", &self.not_compared)?;
        json.end()
    }
}

impl Check {
    fn words(&self) -> Words {
        match self.is_of_servers {
            true => OF_SERVERS,
            false => OF_A_RECORDING,
        }
    }

    /// The result as JUnit XML: a test suite for each part whose statements were sent, with a failed test case for each
    /// statement that differs or isn't recorded or, if there is none, one test case that has passed. If the answers of
    /// two servers were compared, reasons for which comparisons ended early are failed cases of a last suite.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let words = self.words();
        let suites = self.parts.iter().map(|part| {
            let mut cases: Vec<JunitCase> = Vec::new();
            let differing = self.differing.iter();
            for each in differing.filter(|each| each.statement.part == *part) {
                let name = format!("{}, time {}", short(&each.statement.statement), each.time);
                match cases.last_mut().filter(|case| case.name == name) {
                    Some(JunitCase {
                        failure: Some((_, text)),
                        ..
                    }) => text.push_str(&format!("\n{}", each.in_words(words))),
                    _ => cases.push(JunitCase {
                        name,
                        failure: Some(("differs", each.in_words(words))),
                    }),
                }
            }
            let not_recorded = self.not_recorded.iter();
            for each in not_recorded.filter(|each| each.part == *part) {
                cases.push(JunitCase {
                    name: short(&each.statement),
                    failure: Some((words.not_recorded, each.statement.clone())),
                });
            }
            let never_came = self.never_came.iter().filter(|_| self.is_of_servers);
            for each in never_came.filter(|each| each.part == *part) {
                cases.push(JunitCase {
                    name: short(&each.statement),
                    failure: Some((words.never_came, each.statement.clone())),
                });
            }
            if cases.is_empty() {
                cases.push(JunitCase {
                    name: "all statements".to_owned(),
                    failure: None,
                });
            }
            JunitSuite {
                name: part.to_string(),
                cases,
            }
        });
        let mut suites = suites.collect::<Vec<_>>();
        let ended = self.not_compared.iter().filter(|each| each.connections > 0);
        let cases = ended.map(|each| JunitCase {
            name: each.reason.clone(),
            failure: Some(("not compared", each.to_string())),
        });
        let cases = cases.collect::<Vec<_>>();
        if !cases.is_empty() {
            let name = "comparisons that ended early".to_owned();
            suites.push(JunitSuite { name, cases });
        }
        mynah_expect::junit(&suites)
    }
}
