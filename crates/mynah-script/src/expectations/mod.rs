//! The key `expectations` of a trace: what tests expect.

mod answer;
mod call;

use std::sync::Arc;

use mynah_expect::{ANSWER_KEYS, Expectation, Expectations, Place};
use serde_json::Value;

pub(crate) use answer::{ExpectedAnswer, ok};
pub(crate) use call::{Client, command, values_of};

use crate::outline::Places;

/// Reads a trace's expectations.
///
/// # Errors
/// All that is wrong with them.
pub(crate) fn read(places: &Places, json: &Value) -> Result<Expectations<ExpectedAnswer>, String> {
    let place = |index| {
        let position = places.expectation(index);
        Place {
            file: Some(Arc::clone(&places.file)),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            index,
        }
    };
    let read = Expectations::from_json_with(json, ANSWER_KEYS, place);
    let Expectations { order, list } = read.map_err(|wrong| wrong.to_string())?;
    let mapped = list.into_iter().map(|expectation: Expectation<Value>| {
        let index = expectation.place.index;
        let mapped = expectation.try_map_answers(ExpectedAnswer::new);
        mapped.map_err(|problem| format!("expectations[{index}]: {problem}"))
    });
    Ok(Expectations {
        order,
        list: mapped.collect::<Result<_, String>>()?,
    })
}
