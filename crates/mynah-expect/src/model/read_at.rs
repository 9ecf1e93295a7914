use serde_json::Value as Json;

use super::{Problem, ProblemKind, did_you_mean};

/// Where a value stands, and where problems with it go.
pub(super) struct At<'p> {
    pub(super) path: String,
    pub(super) problems: &'p mut Vec<Problem>,
}

impl At<'_> {
    pub(super) fn key(&mut self, key: &str) -> At<'_> {
        let path = if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        };
        At {
            path,
            problems: self.problems,
        }
    }

    pub(super) fn index(&mut self, index: usize) -> At<'_> {
        At {
            path: format!("{}[{index}]", self.path),
            problems: self.problems,
        }
    }

    pub(super) fn report(&mut self, kind: ProblemKind) {
        self.problems.push(Problem {
            path: self.path.clone(),
            kind,
        });
    }

    pub(super) fn wants<T>(&mut self, wanted: &'static str, found: &Json) -> Option<T> {
        self.report(ProblemKind::Expect {
            wanted,
            found: shown(found),
        });
        None
    }

    pub(super) fn unknown_key(&mut self, key: &str, known: &[&str]) {
        self.report(ProblemKind::UnknownKey {
            key: key.to_owned(),
            similar: did_you_mean(key, known.iter().copied()).map(str::to_owned),
            known: known.iter().map(|&key| key.to_owned()).collect(),
        });
    }

    pub(super) fn string<'j>(&mut self, json: &'j Json) -> Option<&'j str> {
        json.as_str().or_else(|| self.wants("a string", json))
    }

    pub(super) fn named<T: Copy>(
        &mut self,
        json: &Json,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.string(json)?;
        let found = all.iter().copied().find(|&one| name(one) == text);
        if found.is_none() {
            let known = all.iter().map(|&one| name(one));
            self.report(ProblemKind::UnknownName {
                name: text.to_owned(),
                similar: did_you_mean(text, known.clone()).map(str::to_owned),
                known: known.map(str::to_owned).collect(),
            });
        }
        found
    }
}

/// A value in a message, cut where it is long.
fn shown(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
