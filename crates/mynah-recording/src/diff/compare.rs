use std::collections::{BTreeSet, HashMap, VecDeque};

use jiff::Timestamp;

use super::answers::answer_differences;
use super::propose::Difference;
use super::statements::value_differences;
use crate::key::Key;
use crate::{Entry, PartName, Recording, Rules};

/// The result of comparing two recordings.
#[derive(Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The differences that remain with the rules of both recordings and those given to [`compare`].
    pub differences: Vec<Difference>,
    /// Proposed rules, in addition to the known ones, by which values in the differences count as volatile.
    pub proposed: Rules,
    /// The differences that remain if the proposed rules are applied, too.
    pub left: Vec<Difference>,
}

/// Compares the statements and answers of two recordings, after `rules` and the rules that the recordings contain were
/// applied to both. Times of recording, latencies, servers and logins aren't compared.
#[must_use]
pub fn compare(one: &Recording, other: &Recording, rules: &Rules) -> Comparison {
    let known = one
        .about
        .volatile
        .clone()
        .and(&other.about.volatile)
        .and(rules);
    let mut proposed = Rules::default();
    let first = differences(one, other, &known);
    let mut left = first.clone();
    // What a rule makes one statement may differ in its answers.
    for _round in 0..MOST_ROUNDS {
        let new: BTreeSet<_> = left.iter().filter_map(|each| each.rule.clone()).collect();
        let new = Rules::parse(new).unwrap_or_default();
        let all = proposed.clone().and(&new);
        if all == proposed {
            break;
        }
        proposed = all;
        left = differences(one, other, &known.clone().and(&proposed));
    }
    Comparison {
        differences: first,
        proposed,
        left,
    }
}

fn differences(one: &Recording, other: &Recording, rules: &Rules) -> Vec<Difference> {
    let [one, other] =
        [one, other].map(|recording| recording.clone().at_one_time().with_rules(rules));
    let mut found = Vec::new();
    let names: BTreeSet<_> = one.parts.keys().chain(other.parts.keys()).collect();
    for name in names {
        match (one.parts.get(name), other.parts.get(name)) {
            (Some(a), Some(b)) => part(name, &a.expectations, &b.expectations, &mut found),
            (a, _) => found.push(Difference {
                part: name.clone(),
                statement: "all statements".to_owned(),
                place: match a {
                    Some(_) => "only in the first recording".to_owned(),
                    None => "only in the second recording".to_owned(),
                },
                one: None,
                other: None,
                rule: None,
            }),
        }
    }
    found
}

impl Recording {
    /// The recording as if it had been made at a time that is the same for all, which stable moments depend on.
    pub(crate) fn at_one_time(mut self) -> Self {
        for part in self.parts.values_mut() {
            part.recorded_at = Timestamp::UNIX_EPOCH;
        }
        self
    }
}

/// Compares the entries of a part: by their keys, and those that are left by their shapes, in their order.
fn part(name: &PartName, one: &[Entry], other: &[Entry], found: &mut Vec<Difference>) {
    let mut by_key: HashMap<Key, &Entry> = HashMap::new();
    for entry in other {
        by_key.insert(Key::of(name, entry), entry);
    }
    let mut left = Vec::new();
    for entry in one {
        match by_key.remove(&Key::of(name, entry)) {
            Some(same) => answers(name, entry, same, found),
            None => left.push(entry),
        }
    }
    let mut by_shape: HashMap<_, VecDeque<(usize, &Entry)>> = HashMap::new();
    for (place, entry) in other.iter().enumerate() {
        let key = Key::of(name, entry);
        if by_key.contains_key(&key) {
            let like = by_shape.entry(key.into_shape()).or_default();
            like.push_back((place, entry));
        }
    }
    let alone = |entry: &Entry, which: &str| Difference {
        part: name.clone(),
        statement: entry.stmt.to_string(),
        place: format!("only in the {which} recording"),
        one: None,
        other: None,
        rule: None,
    };
    for entry in left {
        let shape = Key::of(name, entry).into_shape();
        match by_shape.get_mut(&shape).and_then(VecDeque::pop_front) {
            Some((_, like)) => {
                found.extend(value_differences(name, entry, like));
                answers(name, entry, like, found);
            }
            None => found.push(alone(entry, "first")),
        }
    }
    let mut left: Vec<_> = by_shape.into_values().flatten().collect();
    left.sort_by_key(|(place, _)| *place);
    for (_, entry) in left {
        found.push(alone(entry, "second"));
    }
}

fn answers(name: &PartName, one: &Entry, other: &Entry, found: &mut Vec<Difference>) {
    let difference = |place: String, a: Option<String>, b: Option<String>, rule| Difference {
        part: name.clone(),
        statement: one.stmt.to_string(),
        place,
        one: a,
        other: b,
        rule,
    };
    let pairs = one.answers.iter().zip(&other.answers);
    for (number, (a, b)) in (1..).zip(pairs) {
        let of_answer = match one.answers.len() {
            0 | 1 => String::new(),
            _ => format!("answer {number}, "),
        };
        found.extend(answer_differences(a, b).into_iter().map(|each| {
            let place = format!("{of_answer}{}", each.place);
            difference(place, each.one, each.other, each.rule)
        }));
    }
    let counts = [one, other].map(|entry| entry.answers.len());
    if counts[0] != counts[1] {
        let [a, b] = counts.map(|count| Some(count.to_string()));
        found.push(difference("number of answers".to_owned(), a, b, None));
    }
    if one.prepared != other.prepared {
        found.push(difference(
            "the answer to PREPARE".to_owned(),
            None,
            None,
            None,
        ));
    }
}

/// How often rules are looked for.
const MOST_ROUNDS: usize = 4;
