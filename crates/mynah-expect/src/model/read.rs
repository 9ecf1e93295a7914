use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value as Json};

use super::expectations::{Expectations, Order, WrongExpectations};
use super::read_at::At;
use super::read_matcher::{attributes, matcher};
use super::{
    Command, Expectation, Origin, Place, Problem, ProblemKind, Protocol, Scenario, TextMatch, Times,
};
use crate::value::{Matcher, Pattern};

/// The keys of a JSON expectation that belong to its answer. They are the same as in the entries of a mock's
/// script.
pub const ANSWER_KEYS: &[&str] = &[
    "binlog",
    "error",
    "exec_time",
    "fault",
    "local_infile",
    "ok",
    "out_parameters",
    "packets",
    "prepared",
    "result",
    "results",
];

/// The keys of an expectation besides those of its answer.
const KEYS: &[&str] = &[
    "answers",
    "command",
    "connection_attributes",
    "digest",
    "name",
    "params",
    "priority",
    "protocol",
    "query_attributes",
    "scenario",
    "schema",
    "stmt",
    "stmt_prefix",
    "stmt_regex",
    "then",
    "times",
    "user",
    "when",
];

const TEXT_KEYS: [&str; 4] = ["stmt", "stmt_prefix", "stmt_regex", "digest"];

impl Expectations<Json> {
    /// Reads a list from JSON. Answers are kept as JSON, and not checked.
    ///
    /// # Errors
    /// All mistakes in the list, besides those in answers.
    pub fn from_json(json: &Json) -> Result<Self, WrongExpectations> {
        Self::from_json_with(json, ANSWER_KEYS, |_| Place::default())
    }

    /// Reads a list from the JSON of a file. `place` gives the place in the file of each entry, by its index;
    /// `answer_keys` are the keys of an entry that belong to its answer, which isn't checked.
    ///
    /// # Errors
    /// All mistakes in the list, besides those in answers.
    pub fn from_json_with(
        json: &Json,
        answer_keys: &[&str],
        place: impl Fn(usize) -> Place,
    ) -> Result<Self, WrongExpectations> {
        let mut problems = Vec::new();
        let mut expectations = expectations(json, answer_keys, &mut problems);
        for (index, expectation) in expectations.list.iter_mut().enumerate() {
            expectation.place = Place {
                index: Some(index),
                ..place(index)
            };
        }
        if problems.is_empty() {
            Ok(expectations)
        } else {
            Err(WrongExpectations(problems))
        }
    }
}

impl<'de> Deserialize<'de> for Expectations<Json> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::from_json(&json).map_err(D::Error::custom)
    }
}

fn expectations(
    json: &Json,
    answer_keys: &[&str],
    problems: &mut Vec<Problem>,
) -> Expectations<Json> {
    let mut at = At {
        path: String::new(),
        problems,
    };
    let mut order = Order::Any;
    let list = match json {
        Json::Array(list) => list.as_slice(),
        Json::Object(object) => {
            for key in object
                .keys()
                .filter(|key| !["order", "expectations"].contains(&key.as_str()))
            {
                at.unknown_key(key, &["order", "expectations"]);
            }
            if let Some(json) = object.get("order") {
                let named =
                    at.key("order")
                        .named(json, &[Order::Any, Order::Sequence], Order::name);
                order = named.unwrap_or_default();
            }
            match object.get("expectations") {
                Some(Json::Array(list)) => list.as_slice(),
                Some(other) => at
                    .key("expectations")
                    .wants("an array", other)
                    .unwrap_or_default(),
                None => at
                    .wants("the key \"expectations\"", json)
                    .unwrap_or_default(),
            }
        }
        other => at
            .wants("an array of expectations", other)
            .unwrap_or_default(),
    };
    let mut at = at.key("expectations");
    let read = list.iter().enumerate();
    let list: Vec<_> = read
        .filter_map(|(index, json)| expectation(json, answer_keys, &mut at.index(index)))
        .collect();
    let is_stub = |expectation: &Expectation<Json>| expectation.times == Times::ANY;
    if order == Order::Sequence && !list.is_empty() && list.iter().all(is_stub) {
        at.report(ProblemKind::SequenceOfStubs);
    }
    Expectations { order, list }
}

fn expectation(json: &Json, answer_keys: &[&str], at: &mut At<'_>) -> Option<Expectation<Json>> {
    let Json::Object(object) = json else {
        return at.wants("an object", json);
    };
    let known = || KEYS.iter().chain(answer_keys).copied();
    for key in object
        .keys()
        .filter(|key| !known().any(|known| known == *key))
    {
        let known: Vec<_> = known().collect();
        at.unknown_key(key, &known);
    }
    let text = text_match(object, at);
    let params = object.get("params").and_then(|json| {
        let mut at = at.key("params");
        let Json::Array(list) = json else {
            return at.wants("an array", json);
        };
        let each = list.iter().enumerate();
        Some(
            each.filter_map(|(index, json)| matcher(json, &mut at.index(index)))
                .collect::<Vec<Matcher>>(),
        )
    });
    if let (Some(text), Some(params)) = (&text, &params)
        && let Some(problem) = text.misfit_of(params)
    {
        at.report(problem);
    }
    let name = object
        .get("name")
        .and_then(|json| at.key("name").string(json));
    let priority = object.get("priority").and_then(|json| {
        let number = json.as_i64().and_then(|number| i32::try_from(number).ok());
        number.or_else(|| at.key("priority").wants("a whole number", json))
    });
    Some(Expectation {
        name: name.map(str::to_owned),
        place: Place::default(),
        text,
        params,
        origin: origin(object, at),
        times: object
            .get("times")
            .and_then(|json| times(json, &mut at.key("times")))
            .unwrap_or(Times::ANY),
        priority: priority.unwrap_or(Expectation::<Json>::DEFAULT_PRIORITY),
        scenario: scenario(object, at),
        answers: answers(object, answer_keys, at),
    })
}

fn text_match(object: &Map<String, Json>, at: &mut At<'_>) -> Option<TextMatch> {
    let mut given = TEXT_KEYS.iter().filter(|&&key| object.contains_key(key));
    let key = *given.next()?;
    if let Some(other) = given.next() {
        at.report(ProblemKind::Conflict(key.to_owned(), (*other).to_owned()));
    }
    let mut at = at.key(key);
    let text = at.string(object.get(key)?)?;
    if text.trim().is_empty() {
        at.report(ProblemKind::EmptyStatement);
        return None;
    }
    match key {
        "stmt" => Some(TextMatch::statement(text)),
        "stmt_prefix" => Some(TextMatch::prefix(text)),
        "digest" => Some(TextMatch::digest(text)),
        _ => match Pattern::new(text) {
            Ok(pattern) => Some(TextMatch::Regex(pattern)),
            Err(error) => {
                at.report(ProblemKind::Regex(error.to_string()));
                None
            }
        },
    }
}

fn origin(object: &Map<String, Json>, at: &mut At<'_>) -> Origin {
    let of = |key: &str| object.get(key);
    Origin {
        user: of("user").and_then(|json| matcher(json, &mut at.key("user"))),
        schema: of("schema").and_then(|json| matcher(json, &mut at.key("schema"))),
        connection_attributes: attributes(
            of("connection_attributes"),
            &mut at.key("connection_attributes"),
        ),
        query_attributes: attributes(of("query_attributes"), &mut at.key("query_attributes")),
        protocol: of("protocol").and_then(|json| {
            at.key("protocol")
                .named(json, Protocol::ALL, Protocol::name)
        }),
        command: of("command")
            .and_then(|json| at.key("command").named(json, Command::ALL, Command::name)),
    }
}

fn times(json: &Json, at: &mut At<'_>) -> Option<Times> {
    let object = match json {
        Json::Object(object) => object,
        number => {
            let times = number.as_u64().map(Times::exactly);
            return times.or_else(|| at.wants("a number, or {min, max}", json));
        }
    };
    for key in object
        .keys()
        .filter(|key| !["min", "max"].contains(&key.as_str()))
    {
        at.unknown_key(key, &["min", "max"]);
    }
    let mut bound = |key: &str| {
        let json = object.get(key)?;
        json.as_u64()
            .or_else(|| at.key(key).wants("a number", json))
    };
    let (min, max) = (bound("min").unwrap_or(0), bound("max"));
    if max.is_some_and(|max| min > max) {
        at.report(ProblemKind::Range);
    }
    Some(Times { min, max })
}

fn scenario(object: &Map<String, Json>, at: &mut At<'_>) -> Option<Scenario> {
    let mut state = |key: &str| {
        let json = object.get(key)?;
        at.key(key).string(json).map(Arc::from)
    };
    let (name, when, then) = (state("scenario"), state("when"), state("then"));
    if name.is_none() && when.is_none() && then.is_none() {
        return None;
    }
    Some(Scenario {
        name: name.unwrap_or_else(|| Scenario::DEFAULT.into()),
        when,
        then,
    })
}

fn answers(object: &Map<String, Json>, answer_keys: &[&str], at: &mut At<'_>) -> Vec<Arc<Json>> {
    let own = object
        .iter()
        .filter(|(key, _)| answer_keys.contains(&key.as_str()));
    let own: Map<String, Json> = own.map(|(key, json)| (key.clone(), json.clone())).collect();
    let Some(several) = object.get("answers") else {
        return if own.is_empty() {
            Vec::new()
        } else {
            vec![Arc::new(Json::Object(own))]
        };
    };
    if let Some(key) = own.keys().next() {
        at.report(ProblemKind::Conflict("answers".to_owned(), key.clone()));
    }
    let mut at = at.key("answers");
    let Json::Array(several) = several else {
        return at.wants("an array", several).unwrap_or_default();
    };
    several.iter().cloned().map(Arc::new).collect()
}
