//! Compares what a server answers now with what was recorded.

mod latency;
mod recorded;
mod report;
mod servers;
mod unordered;

use mynah_expect::Statement;
use serde::Serialize;

use crate::diff::{answer_differences, compare};
use crate::volatile::in_order;
use crate::{Answer, Entry, Outcome, PartName, Prepared, Recording, ResultSet, Rules};
use latency::is_of_other_class;
use unordered::align;

pub use recorded::{FoundAnswer, Recorded};
pub use servers::{NotCompared, check_servers};

/// The result of comparing a server's answers with a recording.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Check {
    /// The number of answers that were compared with recorded ones.
    pub compared: u64,
    /// The differences between recorded and new answers.
    pub differing: Vec<Differing>,
    /// The statements that were sent but aren't in the recording.
    pub not_recorded: Vec<Stated>,
    /// The statements of the recording that weren't sent.
    pub never_came: Vec<Stated>,
    /// The answers whose latency differs much from the recorded one.
    pub latencies: Vec<Latency>,
    /// The rules for volatile values that the check itself has found, because values differ from run to run, and has
    /// applied.
    pub proposed: Vec<String>,
    /// What wasn't compared when the answers of two servers were compared, by the reason.
    pub not_compared: Vec<NotCompared>,
    /// Whether answers of two servers were compared, rather than those of a server with recorded ones.
    is_of_servers: bool,
    /// The parts of the statements that came.
    parts: Vec<PartName>,
}

/// A statement, and the part of the recording that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// The part that the statement belongs to.
    pub part: PartName,
    /// The text of the statement.
    pub statement: String,
}

/// A difference between a recorded answer and the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// The statement whose answer differs.
    #[serde(flatten)]
    pub statement: Stated,
    /// How often the statement had come in its part, this time included: from 1.
    pub time: u64,
    /// The place in the answer, in words: a row and column, a definition, the kind of answer.
    pub place: String,
    /// The recorded value at this place; `None` for NULL, or if there is none.
    pub recorded: Option<String>,
    /// The server's present value at this place; `None` for NULL, or if there is none.
    pub now: Option<String>,
    /// A proposed rule by which the values at this place count as volatile; `None` if no rule can name them.
    pub rule: Option<String>,
}

/// An answer whose latency differs much from the recorded one. Latencies are divided into classes (below 1 ms,
/// below 10 ms, below 100 ms, …), and the classes of these two are neither the same nor neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// The statement whose latencies are compared.
    #[serde(flatten)]
    pub statement: Stated,
    /// How often the statement had come in its part, this time included: from 1.
    pub time: u64,
    /// The latency of the recorded answer, in microseconds.
    pub recorded_us: u64,
    /// The latency of the server's present answer, in microseconds.
    pub now_us: u64,
}

/// Compares a server's present answers, the recording `now`, with those in `recorded`. Statements are looked up as when
/// a recording is played: in their part, then in `setup`, and several answers to a statement in order. Values that
/// `rules` or the own rules of `recorded` and `now` name are volatile: stable values replace them before. If there is a
/// `second` recording of the first server, values that differ between `recorded` and `second` are volatile, too, as far
/// as a rule can name them; and so are values that differ between `recorded` and `now` if a rule names their type, such
/// as UUIDs.
#[must_use]
pub fn check(
    recorded: &Recording,
    second: Option<&Recording>,
    now: &Recording,
    rules: &Rules,
) -> Check {
    let own = recorded.about.volatile.clone();
    let known = own.and(&now.about.volatile).and(rules);
    let of_runs = second.map(|second| compare(recorded, second, &known).proposed);
    let known = known.and(&of_runs.clone().unwrap_or_default());
    let mut check = once(recorded, now, &known);
    // What no two runs have in common isn't a difference between servers.
    let of_types = check.differing.iter().filter_map(|each| each.rule.clone());
    let of_types = of_types.filter(|rule| rule.starts_with("type:"));
    let proposed = of_runs.unwrap_or_default();
    let proposed = proposed.and(&Rules::parse(of_types).unwrap_or_default());
    if !proposed.is_empty() {
        check = once(recorded, now, &known.and(&proposed));
    }
    check.proposed = proposed.texts().to_vec();
    check
}

fn once(recorded: &Recording, now: &Recording, rules: &Rules) -> Check {
    let [recorded, now] = [recorded, now].map(|one| one.clone().at_one_time().with_rules(rules));
    let mut recorded = Recorded::new(recorded);
    let mut check = Check::default();
    for (name, part) in now.parts {
        for entry in in_order(part.expectations) {
            // How often the server prepared a statement in the same way isn't recorded: as often as before.
            let times = match entry.prepared.is_some() {
                true => recorded.number_of_answers(&name, &entry).max(1),
                false => 1,
            };
            for _each in 0..times {
                check.entry(&name, &entry, &mut recorded);
            }
        }
        check.parts.push(name);
    }
    check.never_came = recorded.never_came();
    check
}

impl Check {
    /// Whether the server answers as recorded. Latencies, and recorded statements that weren't sent, are ignored. If the
    /// answers of two servers were compared: whether both answer in the same way, and the comparison of no connection
    /// ended early.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let is_same = self.differing.is_empty() && self.not_recorded.is_empty();
        let ended = self.not_compared.iter().any(|each| each.connections > 0);
        is_same && !ended && (!self.is_of_servers || self.never_came.is_empty())
    }

    fn entry(&mut self, part: &PartName, entry: &Entry, recorded: &mut Recorded) {
        let statement = Stated {
            part: part.clone(),
            statement: entry.stmt.to_string(),
        };
        let Some(found) = recorded.find(part, entry) else {
            return self.not_recorded.push(statement);
        };
        let time = found.time;
        let Some(before) = found.answer else {
            // It was recorded without an answer that could be compared.
            return;
        };
        let Some(mut now) = answer(entry) else {
            return;
        };
        self.compared += 1;
        let mut before = Answer::clone(&before);
        settle(&mut before, &mut now, is_ordered(entry));
        if let (Some(recorded_us), Some(now_us)) = (found.latency_us, now.latency_us)
            && is_of_other_class(recorded_us, now_us)
        {
            self.latencies.push(Latency {
                statement: statement.clone(),
                time,
                recorded_us,
                now_us,
            });
        }
        let found = answer_differences(&before, &now).into_iter();
        self.differing.extend(found.map(|each| Differing {
            statement: statement.clone(),
            time,
            place: each.place,
            recorded: each.one,
            now: each.other,
            rule: each.rule,
        }));
    }
}

/// The answer of an entry that came once; to a preparation, its columns as those of a result.
fn answer(entry: &Entry) -> Option<Answer> {
    match (entry.preparation(), entry.answers.first()) {
        (Some(prepared), _) => Some(of_preparation(prepared)),
        (None, answer) => answer.cloned(),
    }
}

fn of_preparation(prepared: &Prepared) -> Answer {
    let columns = prepared.columns.clone();
    Outcome::Result(ResultSet {
        columns,
        ..ResultSet::default()
    })
    .into()
}

/// Removes what is no difference from two answers: the order of rows that has no meaning, and status flags that say how
/// a statement was run.
fn settle(one: &mut Answer, other: &mut Answer, is_ordered: bool) {
    if let (Some(one), Some(other)) = (&mut one.outcome, &mut other.outcome) {
        outcomes(one, other, is_ordered);
    }
}

fn outcomes(one: &mut Outcome, other: &mut Outcome, is_ordered: bool) {
    for outcome in [&mut *one, &mut *other] {
        let end = match outcome {
            Outcome::Ok(ok) => Some(ok),
            Outcome::Result(set) | Outcome::OutParameters(set) => Some(&mut set.end),
            _ => None,
        };
        if let Some(status) = end.and_then(|end| end.status.as_mut()) {
            *status &= !HOW_IT_RAN;
        }
    }
    match (one, other) {
        (Outcome::Result(one), Outcome::Result(other)) if !is_ordered => {
            align(&mut one.rows, &mut other.rows);
        }
        (Outcome::Results(one), Outcome::Results(other)) => {
            for (one, other) in one.iter_mut().zip(other) {
                outcomes(one, other, is_ordered);
            }
        }
        (Outcome::LocalInfile(one), Outcome::LocalInfile(other)) => {
            settle(&mut one.answer, &mut other.answer, is_ordered);
        }
        _ => {}
    }
}

/// Whether a statement says in which order its rows come.
fn is_ordered(entry: &Entry) -> bool {
    let statement = Statement::new(entry.stmt.as_str());
    let (mut depth, mut before) = (0_usize, "");
    for word in statement.digest().split_whitespace() {
        match word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "BY" if depth == 0 && before == "ORDER" => return true,
            _ => {}
        }
        before = word;
    }
    false
}

/// No good index was used, no index was used, the statement was slow.
const HOW_IT_RAN: u16 = 0x0010 | 0x0020 | 0x0800;
