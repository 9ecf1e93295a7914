//! The key `expectations` of a trace: what tests expect.

mod answer;
mod call;

use std::path::Path;

use mynah_expect::{ANSWER_KEYS, Expectation, Expectations, Place};
use serde_json::Value;

pub(crate) use answer::{ExpectedAnswer, ok};
pub(crate) use call::{Client, command, values_of};

/// Reads a trace's expectations.
///
/// # Errors
/// All that is wrong with them.
pub(crate) fn read(path: &Path, json: &Value) -> Result<Expectations<ExpectedAnswer>, String> {
    let file = path.file_name().map(|name| name.to_string_lossy().into());
    let place = |index| Place {
        file: Option::clone(&file),
        line: None,
        index,
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
