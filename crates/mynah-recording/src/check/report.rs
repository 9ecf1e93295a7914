use std::fmt;

use mynah_expect::{JunitCase, JunitSuite};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Check, Differing, Stated};
use crate::diff::short;

impl fmt::Display for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |text: &Option<String>| match text {
            Some(text) => format!("'{}'", short(text)),
            None => "nothing".to_owned(),
        };
        let (recorded, now) = (said(&self.recorded), said(&self.now));
        write!(f, "{}: recorded {recorded}, now {now}", self.place)?;
        match &self.rule {
            Some(rule) => write!(f, "; no difference with --volatile {rule}"),
            None => Ok(()),
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
        writeln!(
            f,
            "{} answers compared: {} differences, {} statements not recorded",
            self.compared,
            self.differing.len(),
            self.not_recorded.len()
        )?;
        let mut before = None;
        for each in &self.differing {
            if before != Some((&each.statement, each.time)) {
                writeln!(f, "differs: {}, time {}", each.statement, each.time)?;
                before = Some((&each.statement, each.time));
            }
            writeln!(f, "  {each}")?;
        }
        for statement in &self.not_recorded {
            writeln!(f, "not recorded: {statement}")?;
        }
        for each in &self.latencies {
            let statement = &each.statement;
            let (recorded, now) = (each.recorded_us, each.now_us);
            writeln!(
                f,
                "latency: {statement}, time {}: recorded {recorded} µs, now {now} µs",
                each.time
            )?;
        }
        for statement in &self.never_came {
            writeln!(f, "never came: {statement}")?;
        }
        for rule in &self.proposed {
            writeln!(f, "differs from run to run: --volatile {rule}")?;
        }
        Ok(())
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Check", 8)?;
        json.serialize_field("is_good", &self.is_good())?;
        json.serialize_field("text", &self.to_string())?;
        json.serialize_field("compared", &self.compared)?;
        json.serialize_field("differing", &self.differing)?;
        json.serialize_field("not_recorded", &self.not_recorded)?;
        json.serialize_field("never_came", &self.never_came)?;
        json.serialize_field("latencies", &self.latencies)?;
        json.serialize_field("proposed", &self.proposed)?;
        json.end()
    }
}

impl Check {
    /// The result as JUnit XML: a test suite for each part whose statements were sent, with a failed test case for each
    /// statement that differs or isn't recorded or, if there is none, one test case that has passed.
    #[must_use]
    pub fn to_junit(&self) -> String {
        let suites = self.parts.iter().map(|part| {
            let mut cases: Vec<JunitCase> = Vec::new();
            let differing = self.differing.iter();
            for each in differing.filter(|each| each.statement.part == *part) {
                let name = format!("{}, time {}", short(&each.statement.statement), each.time);
                match cases.last_mut().filter(|case| case.name == name) {
                    Some(JunitCase {
                        failure: Some((_, text)),
                        ..
                    }) => text.push_str(&format!("\n{each}")),
                    _ => cases.push(JunitCase {
                        name,
                        failure: Some(("differs", each.to_string())),
                    }),
                }
            }
            let not_recorded = self.not_recorded.iter();
            for each in not_recorded.filter(|each| each.part == *part) {
                cases.push(JunitCase {
                    name: short(&each.statement),
                    failure: Some(("not recorded", each.statement.clone())),
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
        mynah_expect::junit(&suites.collect::<Vec<_>>())
    }
}
