use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{FaultPoint, FaultRule, FaultRuleError};

impl FromStr for FaultRule {
    type Err = FaultRuleError;

    /// Reads `CONDITION: POINT FAULT`, or the same as a JSON object. The fault is a list of words, `latency=100 reset_peer`, or
    /// a JSON object; the condition may be absent.
    fn from_str(text: &str) -> Result<Self, FaultRuleError> {
        let text = text.trim();
        if text.starts_with('{') {
            return of_json(text);
        }
        let (when, at, rest) = cut(text).ok_or(FaultRuleError::NoPoint)?;
        let (fault, times) = match rest.starts_with('{') {
            true => (serde_json::from_str(rest).map_err(json_error)?, None),
            false => of_words(rest)?,
        };
        Self::new(when, at, fault, times)
    }
}

impl FaultRule {
    /// Reads several rules: a JSON list of objects, a single JSON object, or one rule per line. Empty lines and
    /// lines that begin with `#` are ignored.
    ///
    /// # Errors
    /// The mistake in the first rule that isn't valid, or in the JSON of the list.
    pub fn list(text: &str) -> Result<Vec<Self>, FaultRuleError> {
        let text = text.trim();
        if text.starts_with('[') {
            let rules: Vec<Json> = serde_json::from_str(text).map_err(json_error)?;
            return numbered(rules.into_iter().map(of_value));
        }
        if text.starts_with('{')
            && let Ok(rule) = serde_json::from_str::<Json>(text)
        {
            return of_value(rule).map(|rule| vec![rule]);
        }
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        numbered(lines.map(str::parse))
    }
}

fn numbered(
    rules: impl Iterator<Item = Result<FaultRule, FaultRuleError>>,
) -> Result<Vec<FaultRule>, FaultRuleError> {
    let rules = rules.enumerate().map(|(index, rule)| {
        rule.map_err(|error| FaultRuleError::InList {
            number: index + 1,
            error: Box::new(error),
        })
    });
    rules.collect()
}

/// A rule in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    when: Option<String>,
    at: String,
    fault: Json,
    times: Option<u64>,
}

fn of_json(text: &str) -> Result<FaultRule, FaultRuleError> {
    of_value(serde_json::from_str(text).map_err(json_error)?)
}

fn of_value(json: Json) -> Result<FaultRule, FaultRuleError> {
    let rule: Written = serde_json::from_value(json).map_err(json_error)?;
    let at = FaultPoint::of_name(&rule.at).ok_or(FaultRuleError::NoPoint)?;
    FaultRule::new(rule.when.as_deref(), at, rule.fault, rule.times)
}

fn json_error(error: serde_json::Error) -> FaultRuleError {
    FaultRuleError::Json(error.to_string())
}

/// The condition, where the fault is played, and the fault. A condition may have colons, so the last one counts that a
/// point follows.
fn cut(text: &str) -> Option<(Option<&str>, FaultPoint, &str)> {
    if let Some((at, fault)) = begun(text) {
        return Some((None, at, fault));
    }
    text.rmatch_indices(':').find_map(|(colon, _)| {
        let (when, rest) = text.split_at(colon);
        let (at, fault) = begun(rest.get(1..)?)?;
        Some((Some(when.trim()), at, fault))
    })
}

/// The point that a text begins with, and what follows.
fn begun(text: &str) -> Option<(FaultPoint, &str)> {
    let text = text.trim_start();
    let end = text.find(|char: char| char.is_whitespace() || char == '{');
    let (name, fault) = text.split_at(end.unwrap_or(text.len()));
    Some((FaultPoint::of_name(name)?, fault.trim()))
}

/// A fault in words, and how often it is played at most.
fn of_words(text: &str) -> Result<(Json, Option<u64>), FaultRuleError> {
    let (mut fault, mut times) = (Map::new(), None);
    for word in text.split_whitespace() {
        let (key, value) = match word.split_once('=') {
            None => (word, Json::Bool(true)),
            Some((key, value)) => (key, of_word(value)),
        };
        if key == "times" {
            let count = value.as_u64();
            times = Some(count.ok_or_else(|| {
                FaultRuleError::Fault(vec![format!("times: {value} is no number")])
            })?);
        } else if fault.insert(key.to_owned(), value).is_some() {
            return Err(FaultRuleError::Fault(vec![format!("{key} is there twice")]));
        }
    }
    Ok((Json::Object(fault), times))
}

/// A number or a truth value as JSON has it; anything else is a text.
fn of_word(word: &str) -> Json {
    match serde_json::from_str(word) {
        Ok(json @ (Json::Number(_) | Json::Bool(_))) => json,
        _ => Json::String(word.to_owned()),
    }
}
