use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::Arc;

use mynah_expect::Call;

use super::{Stated, of_preparation};
use crate::key::Key;
use crate::volatile::places;
use crate::{Answer, Entry, Hidden, PartName, Recording};

/// Looks up the recorded answers to statements, each time a statement comes: in its part, then in `setup`, and
/// several answers in order, the last one again and again.
#[derive(Debug)]
pub struct Recorded {
    /// Where the answers to a statement are in `statements`.
    places: HashMap<Key, usize>,
    statements: Vec<Statement>,
    /// The entries of the recording, in its order, each with the place of its answers.
    entries: Vec<(Stated, usize)>,
    hidden: Hidden,
    /// How often each recorded statement came, by the part that it came in.
    came: HashMap<PartName, HashMap<Key, usize>>,
}

/// A recorded statement.
#[derive(Debug, Default)]
struct Statement {
    /// Its answers in the order of time, `None` where one is missing or incomplete.
    answers: Vec<Option<Kept>>,
    /// How many answers are recorded, the last ones included that are equal.
    number: usize,
    was_found: bool,
}

/// An answer without its latency, so that equal answers share their memory.
#[derive(Clone, Debug)]
struct Kept {
    answer: Arc<Answer>,
    latency_us: Option<u64>,
}

/// What [`Recorded::find`] finds of a recorded statement.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FoundAnswer {
    /// How often the statement has come in its part, this time included: from 1.
    pub time: u64,
    /// The recorded answer, without its latency; `None` if it is missing or incomplete.
    pub answer: Option<Arc<Answer>>,
    /// The latency of the recorded answer, in microseconds.
    pub latency_us: Option<u64>,
}

impl Recorded {
    /// Begins with the first answer of each statement of this recording.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        let mut recorded = Self {
            places: HashMap::new(),
            statements: Vec::new(),
            entries: Vec::new(),
            hidden: Hidden::default(),
            came: HashMap::new(),
        };
        let mut equal = Equal::default();
        for (name, part) in recording.parts {
            recorded.add(&name, part.expectations, &mut equal);
        }
        for statement in &mut recorded.statements {
            statement.cut_repeated();
        }
        recorded
    }

    fn add(&mut self, part: &PartName, entries: Vec<Entry>, equal: &mut Equal) {
        let times = places(&entries);
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.may_have_hidden() {
                for call in entry.calls() {
                    self.hidden.add(part, &call, call.values());
                }
            }
            let next = self.statements.len();
            let place = *self.places.entry(Key::of(part, &entry)).or_insert(next);
            if place == next {
                self.statements.push(Statement::default());
            }
            let stated = Stated {
                part: part.clone(),
                statement: entry.stmt.to_string(),
            };
            self.entries.push((stated, place));
            let prepared = entry.prepared.as_ref().map(of_preparation);
            let answers = entry.answers.into_iter().map(|answer| {
                let prepared = answer.preparation().map(of_preparation);
                prepared.unwrap_or(answer)
            });
            let answers = answers.chain(prepared).map(|answer| equal.kept(answer));
            kept.push((place, answers.collect::<Vec<_>>()));
        }
        for (entry, answer) in times {
            let Some((place, answers)) = kept.get(entry) else {
                continue;
            };
            if let Some(statement) = self.statements.get_mut(*place) {
                let answer = answers.get(answer).cloned().flatten();
                statement.answers.push(answer);
                statement.number += 1;
            }
        }
    }

    /// Returns the recorded answer to this statement of a part, and how often the statement has come. `None` if the
    /// statement isn't recorded.
    pub fn find(&mut self, part: &PartName, entry: &Entry) -> Option<FoundAnswer> {
        let (in_part, place) = self.place(part, &entry.call(), entry).or_else(|| {
            let call = entry.call();
            let resolved = self.hidden.resolve(part, &call, || call.values())?;
            self.place(part, &resolved, entry)
        })?;
        let statement = self.statements.get_mut(place)?;
        statement.was_found = true;
        let came = self.came.entry(part.clone()).or_default();
        let count = came.entry(in_part).or_default();
        let time = *count;
        *count = count.saturating_add(1);
        let all = &statement.answers;
        let kept = all.get(time).or(all.last()).cloned().flatten();
        Some(FoundAnswer {
            time: u64::try_from(time).unwrap_or(u64::MAX).saturating_add(1),
            latency_us: kept.as_ref().and_then(|kept| kept.latency_us),
            answer: kept.map(|kept| kept.answer),
        })
    }

    /// The key of a statement in a part, and the place of its answers.
    fn place(&self, part: &PartName, call: &Call, entry: &Entry) -> Option<(Key, usize)> {
        let in_part = Key::with(part, call, entry);
        let of_part = self.places.get(&in_part);
        let place = of_part.or_else(|| {
            let in_setup = Key::with(&PartName::setup(), call, entry);
            self.places.get(&in_setup)
        })?;
        Some((in_part, *place))
    }

    /// How many answers to a statement are recorded, in its part or else in `setup`.
    pub(super) fn number_of_answers(&self, part: &PartName, entry: &Entry) -> usize {
        let of = |part: &PartName| self.places.get(&Key::of(part, entry));
        let place = of(part).or_else(|| of(&PartName::setup()));
        let statement = place.and_then(|place| self.statements.get(*place));
        statement.map_or(0, |statement| statement.number)
    }

    /// The statements of this part, and those of `setup` when they come in it, start again at their first answers.
    pub fn begin_part(&mut self, part: &PartName) {
        self.came.remove(part);
    }

    pub(super) fn never_came(self) -> Vec<Stated> {
        let (entries, statements) = (self.entries, self.statements);
        let was_found = |place: &usize| statements.get(*place).is_some_and(|of| of.was_found);
        let never = entries.into_iter().filter(|(_, place)| !was_found(place));
        never.map(|(stated, _)| stated).collect()
    }
}

impl Statement {
    /// The last answer stays, so it is kept only once.
    fn cut_repeated(&mut self) {
        while let [.., before, last] = &self.answers[..]
            && is_same(before.as_ref(), last.as_ref())
        {
            self.answers.pop();
        }
        self.answers.shrink_to_fit();
    }
}

fn is_same(one: Option<&Kept>, other: Option<&Kept>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            Arc::ptr_eq(&one.answer, &other.answer) && one.latency_us == other.latency_us
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Finds answers that are equal.
#[derive(Debug, Default)]
struct Equal {
    hasher: RandomState,
    known: HashMap<u64, Vec<Arc<Answer>>>,
}

impl Equal {
    /// An answer that can be played, which shares its memory with those that are equal but for the latency.
    fn kept(&mut self, mut answer: Answer) -> Option<Kept> {
        if answer.incomplete.is_some() {
            return None;
        }
        let latency_us = answer.latency_us.take();
        let mut hash = Hashing(self.hasher.build_hasher());
        // Hashing doesn't fail. If an answer has no JSON, it shares less.
        let _written = serde_json::to_writer(&mut hash, &answer);
        let known = self.known.entry(hash.0.finish()).or_default();
        let answer = match known.iter().find(|known| ***known == answer) {
            Some(known) => Arc::clone(known),
            None => {
                let answer = Arc::new(answer);
                known.push(Arc::clone(&answer));
                answer
            }
        };
        Some(Kept { answer, latency_us })
    }
}

/// Hashes what is written to it.
struct Hashing<H>(H);

impl<H: Hasher> io::Write for Hashing<H> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::from_bytes;

    fn recorded(lines: &[&str]) -> Recorded {
        const OPEN: &str = r#"{"open": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"}}"#;
        let lines = [&[OPEN], lines, &[""]].concat().join("\n");
        Recorded::new(from_bytes(lines.as_bytes()).unwrap())
    }

    fn statement(text: &str) -> Entry {
        Entry {
            stmt: text.into(),
            ..Entry::default()
        }
    }

    const ONE: &str =
        r#"{"part": "a", "entry": {"stmt": "one", "answers": [{"ok": {}, "latency_us": 1}]}}"#;
    const ANOTHER: &str = r#"{"part": "a", "entry": {"stmt": "one", "answers": [{"ok": {"affected_rows": 1}, "latency_us": 2}]}}"#;

    #[test]
    fn statements_that_are_not_recorded_and_times_leave_nothing_behind() {
        let mut recorded = recorded(&[ONE]);
        let part = PartName("a".to_owned());
        for number in 0..100 {
            let text = format!("select {number} from t where name = '{number}'");
            assert!(recorded.find(&part, &statement(&text)).is_none());
        }
        assert!(recorded.came.is_empty());
        for time in 1..=100 {
            assert_eq!(recorded.find(&part, &statement("one")).unwrap().time, time);
        }
        assert_eq!(recorded.came[&part].len(), 1);
        assert_eq!((recorded.statements.len(), recorded.entries.len()), (1, 1));
    }

    #[test]
    fn a_part_that_begins_again_starts_at_its_first_answers() {
        let mut recorded = recorded(&[ONE, ANOTHER]);
        let (part, other) = (PartName("a".to_owned()), PartName("b".to_owned()));
        let mut latency = || {
            let found = recorded.find(&part, &statement("one")).unwrap();
            found.latency_us
        };
        assert_eq!(
            [latency(), latency(), latency()],
            [Some(1), Some(2), Some(2)]
        );
        recorded.begin_part(&other);
        assert_eq!(recorded.find(&part, &statement("one")).unwrap().time, 4);
        recorded.begin_part(&part);
        let found = recorded.find(&part, &statement("one")).unwrap();
        assert_eq!((found.time, found.latency_us), (1, Some(1)));
    }

    #[test]
    fn equal_answers_share_their_memory_whatever_their_latency() {
        let other = ONE.replace("\"one\"", "\"two\"").replace(": 1}", ": 7}");
        let mut recorded = recorded(&[ONE, &other, ANOTHER]);
        let part = PartName("a".to_owned());
        let [one, two, three] =
            ["one", "two", "one"].map(|text| recorded.find(&part, &statement(text)).unwrap());
        assert_eq!([one.latency_us, two.latency_us], [Some(1), Some(7)]);
        let [one, two, three] = [one, two, three].map(|found| found.answer.unwrap());
        assert!(Arc::ptr_eq(&one, &two));
        assert!(!Arc::ptr_eq(&one, &three));
    }
}
