//! Reads faults from JSON.

use std::num::NonZeroU64;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::latency::LONGEST;
use crate::problem::did_you_mean;
use crate::{Ending, Fault, Latency, Limit, Malformation, Malformed, Problem, ProblemKind, Slicer};

const KEYS: &[&str] = &[
    "bandwidth",
    "latency",
    "limit_data",
    "malformed",
    "reset_peer",
    "slicer",
    "slow_close",
    "stop_reading",
    "timeout",
    "toxicity",
];

/// A value, its place, and where problems with it go.
struct At<'j, 'p> {
    json: &'j Json,
    path: String,
    problems: &'p mut Vec<Problem>,
}

pub(crate) fn fault(json: &Json, problems: &mut Vec<Problem>) -> Fault {
    let mut at = At {
        json,
        path: "fault".to_owned(),
        problems,
    };
    let Some(object) = at.object(KEYS, "an object, such as {\"latency\": 100}") else {
        return Fault::default();
    };
    if object.keys().all(|key| key == "toxicity") {
        at.report(ProblemKind::Empty);
    }
    Fault {
        toxicity: at.read("toxicity", toxicity).unwrap_or(1.0),
        latency: at.read("latency", latency),
        limit_data: at.read("limit_data", limit_data),
        malformed: at.read("malformed", malformed),
        slicer: at.read("slicer", slicer),
        bandwidth: at.read("bandwidth", bandwidth),
        ending: ending(&mut at),
    }
}

fn toxicity(at: &mut At<'_, '_>) -> Option<f64> {
    let toxicity = number(at.json);
    let valid = toxicity.filter(|toxicity| (0.0..=1.0).contains(toxicity));
    valid.or_else(|| at.wants("a probability from 0 to 1"))
}

fn latency(at: &mut At<'_, '_>) -> Option<Latency> {
    if at.json.is_number() {
        return millis(at).map(Latency::constant);
    }
    let object = at.object(
        &["jitter", "latency", "lognormal", "normal", "uniform"],
        "a number of milliseconds, or an object such as {\"latency\": 100, \"jitter\": 20}",
    )?;
    let ways = ["latency", "uniform", "normal", "lognormal"];
    match at.only_one_of(object, &ways) {
        Some("latency") => {
            let latency = at.read("latency", millis)?;
            let jitter = at.read("jitter", millis).unwrap_or_default();
            Some(Latency::with_jitter(latency, jitter))
        }
        Some(way) => {
            if object.contains_key("jitter") {
                at.report(ProblemKind::Conflict("jitter", way));
            }
            at.read(way, |at| distribution(way, at))
        }
        None => at.wants("one of latency, uniform, normal, lognormal"),
    }
}

fn distribution(way: &str, at: &mut At<'_, '_>) -> Option<Latency> {
    match way {
        "uniform" => {
            at.object(&["lower", "upper"], "{lower, upper}")?;
            let (lower, upper) = (at.required("lower", millis)?, at.required("upper", millis)?);
            if lower > upper {
                return at.wants("a lower that isn't above upper");
            }
            Some(Latency::Uniform { lower, upper })
        }
        "normal" => {
            at.object(&["deviation", "mean"], "{mean, deviation}")?;
            Some(Latency::Normal {
                mean: at.required("mean", millis)?,
                deviation: at.required("deviation", millis)?,
            })
        }
        _ => {
            at.object(&["median", "sigma"], "{median, sigma}")?;
            Some(Latency::LogNormal {
                median: at.required("median", millis)?,
                sigma: at.required("sigma", |at| {
                    let sigma = number(at.json);
                    let valid = sigma.filter(|sigma| (0.0..=10.0).contains(sigma));
                    valid.or_else(|| at.wants("a number from 0 to 10"))
                })?,
            })
        }
    }
}

fn limit_data(at: &mut At<'_, '_>) -> Option<Limit> {
    if at.json.is_number() {
        return count(at).map(Limit::Bytes);
    }
    let wanted = "a number of bytes, or one of {bytes}, {packets}, {rows}";
    let ways = ["bytes", "packets", "rows"];
    let object = at.object(&ways, wanted)?;
    match at.only_one_of(object, &ways) {
        Some("bytes") => at.read("bytes", count).map(Limit::Bytes),
        Some("packets") => at.read("packets", count).map(Limit::Packets),
        Some(_) => at.read("rows", from_one).map(Limit::Rows),
        None => at.wants(wanted),
    }
}

fn malformed(at: &mut At<'_, '_>) -> Option<Malformed> {
    let kind = |at: &mut At<'_, '_>| {
        let names = Malformation::ALL.map(Malformation::name);
        let Some(name) = at.json.as_str() else {
            return at
                .wants("one of \"cut_short\", \"wrong_sequence_id\", \"wrong_length\", \"junk\"");
        };
        let kind = Malformation::ALL
            .into_iter()
            .find(|kind| kind.name() == name);
        if kind.is_none() {
            at.report(ProblemKind::UnknownName {
                name: name.to_owned(),
                similar: did_you_mean(name, names.iter().copied()),
                known: names.to_vec(),
            });
        }
        kind
    };
    if !at.json.is_object() {
        return kind(at).map(|kind| Malformed {
            kind,
            packet: NonZeroU64::MIN,
        });
    }
    at.object(&["kind", "packet"], "{kind, packet}")?;
    Some(Malformed {
        kind: at.required("kind", kind)?,
        packet: at.read("packet", from_one).unwrap_or(NonZeroU64::MIN),
    })
}

fn slicer(at: &mut At<'_, '_>) -> Option<Slicer> {
    let number = at.json.is_number().then(|| from_one(at));
    let (average_size, size_variation, delay) = match number {
        Some(average_size) => (average_size?, None, None),
        None => {
            let wanted = "a number of bytes, or {average_size, size_variation, delay}";
            at.object(&["average_size", "delay", "size_variation"], wanted)?;
            let average_size = at.required("average_size", from_one)?;
            let variation = at.read("size_variation", count);
            (average_size, variation, at.read("delay", millis))
        }
    };
    let size_variation = size_variation.unwrap_or_default();
    if size_variation >= average_size.get() {
        let mut at = At {
            json: at.json.get("size_variation").unwrap_or(at.json),
            path: format!("{}.size_variation", at.path),
            problems: &mut *at.problems,
        };
        return at.wants("a number below average_size");
    }
    Some(Slicer {
        average_size,
        size_variation,
        delay: delay.unwrap_or(SLICER_DELAY),
    })
}

fn bandwidth(at: &mut At<'_, '_>) -> Option<NonZeroU64> {
    if at.json.is_number() {
        return from_one(at);
    }
    at.object(&["rate"], "a number of bytes per second, or {rate}")?;
    at.required("rate", from_one)
}

fn ending(at: &mut At<'_, '_>) -> Option<Ending> {
    let object = at.json.as_object()?;
    match at.only_one_of(
        object,
        &["slow_close", "timeout", "reset_peer", "stop_reading"],
    )? {
        "slow_close" => {
            let delay = at.read("slow_close", |at| match at.json.is_object() {
                false => millis(at),
                true => {
                    at.object(&["delay"], "{delay}")?;
                    at.required("delay", millis)
                }
            });
            delay.map(Ending::SlowClose)
        }
        "timeout" => {
            let time = at.read("timeout", time_or_true)?;
            // As in Toxiproxy, 0 is never.
            Some(Ending::Timeout(Some(time).filter(|time| !time.is_zero())))
        }
        "reset_peer" => at.read("reset_peer", time_or_true).map(Ending::ResetPeer),
        _ => at.read("stop_reading", |at| match at.json {
            Json::Bool(true) => Some(Ending::StopReading),
            _ => at.wants("true"),
        }),
    }
}

/// `true`, which is 0, a number of milliseconds, or the same with its name in Toxiproxy.
fn time_or_true(at: &mut At<'_, '_>) -> Option<Duration> {
    match at.json {
        Json::Bool(true) => Some(Duration::ZERO),
        Json::Object(_) => {
            at.object(&["timeout"], "{timeout}")?;
            Some(at.read("timeout", millis).unwrap_or_default())
        }
        Json::Number(_) => millis(at),
        _ => at.wants("true, or a number of milliseconds"),
    }
}

fn count(at: &mut At<'_, '_>) -> Option<u64> {
    whole(at.json).or_else(|| at.wants("a whole number from 0"))
}

fn from_one(at: &mut At<'_, '_>) -> Option<NonZeroU64> {
    let count = whole(at.json).and_then(NonZeroU64::new);
    count.or_else(|| at.wants("a whole number from 1"))
}

fn millis(at: &mut At<'_, '_>) -> Option<Duration> {
    let millis = number(at.json).filter(|millis| *millis >= 0.0);
    let time = millis.and_then(|millis| Duration::try_from_secs_f64(millis / 1000.0).ok());
    let time = time.filter(|time| *time <= LONGEST);
    time.or_else(|| at.wants("a number of milliseconds from 0 to 86400000"))
}

impl<'j> At<'j, '_> {
    fn report(&mut self, kind: ProblemKind) {
        self.problems.push(Problem {
            path: self.path.clone(),
            kind,
        });
    }

    fn wants<T>(&mut self, wanted: &'static str) -> Option<T> {
        let found = shown(self.json);
        self.report(ProblemKind::Expect { wanted, found });
        None
    }

    /// The value as an object of these keys.
    fn object(
        &mut self,
        known: &[&'static str],
        wanted: &'static str,
    ) -> Option<&'j Map<String, Json>> {
        let Some(object) = self.json.as_object() else {
            return self.wants(wanted);
        };
        let is_unknown = |key: &&String| !known.contains(&key.as_str());
        let mut unknown: Vec<_> = object.keys().filter(is_unknown).collect();
        // JavaScript has another order of keys than JSON.
        unknown.sort_unstable();
        for key in unknown {
            self.report(ProblemKind::UnknownKey {
                key: key.clone(),
                similar: did_you_mean(key, known.iter().copied()),
                known: known.to_vec(),
            });
        }
        Some(object)
    }

    /// The first of these keys that is there; that a second one is there, too, is a problem.
    fn only_one_of(
        &mut self,
        object: &Map<String, Json>,
        keys: &[&'static str],
    ) -> Option<&'static str> {
        let mut given = keys.iter().copied().filter(|&key| object.contains_key(key));
        let first = given.next()?;
        if let Some(other) = given.next() {
            self.report(ProblemKind::Conflict(first, other));
        }
        Some(first)
    }

    /// What stands under a key, if anything does.
    fn read<T>(&mut self, key: &str, read: impl FnOnce(&mut At<'j, '_>) -> Option<T>) -> Option<T> {
        let mut at = At {
            json: self.json.get(key)?,
            path: format!("{}.{key}", self.path),
            problems: &mut *self.problems,
        };
        read(&mut at)
    }

    fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut At<'j, '_>) -> Option<T>,
    ) -> Option<T> {
        if self.json.get(key).is_none() {
            let path = format!("{}.{key}", self.path);
            let kind = ProblemKind::Missing;
            self.problems.push(Problem { path, kind });
        }
        self.read(key, read)
    }
}

/// A value in a message, in the same words whether it comes from JSON or from JavaScript.
fn shown(json: &Json) -> String {
    match json {
        Json::Object(_) => "an object".to_owned(),
        Json::Array(_) => "an array".to_owned(),
        Json::Number(_) => number(json).map_or_else(String::new, |number| number.to_string()),
        _ => {
            let text = json.to_string();
            match text.char_indices().nth(40) {
                Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
                None => text,
            }
        }
    }
}

/// A number, without a difference between 0 and -0.
fn number(json: &Json) -> Option<f64> {
    json.as_f64().map(|number| number + 0.0)
}

/// A whole number, which may be written as 3.0.
fn whole(json: &Json) -> Option<u64> {
    let number = || number(json)?.to_string().parse().ok();
    json.as_u64().or_else(number)
}

/// The delay of a slicer that names none. Pieces that are sent without a pause arrive together.
const SLICER_DELAY: Duration = Duration::from_millis(1);
