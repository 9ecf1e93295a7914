//! The expectations of a script, in its key `expectations`.

mod answer;
mod asked;
mod call;
mod missing;

use std::sync::Arc;

use mynah_classic::error_code::ER_UNKNOWN_ERROR;
use mynah_expect::{ANSWER_KEYS, Command, Expectation, Expectations, Place};
use mynah_session::Failure;
use serde_json::Value;

pub use answer::{Answer, Compute, Computed};
pub(crate) use answer::{Given, Made, Varying, ok};
pub(crate) use asked::Asked;
pub(crate) use call::{Client, values_of};
pub(crate) use missing::Missing;

use crate::outline::Places;

/// Reads a script's expectations.
///
/// # Errors
/// All that is wrong with them.
pub(crate) fn read(places: &Places, json: &Value) -> Result<Expectations<Answer>, String> {
    read_at(json, |index| {
        let position = places.expectation(index);
        Place {
            file: Some(Arc::clone(&places.file)),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            index: Some(index),
        }
    })
}

/// Reads expectations from JSON that isn't part of a script, such as a request over HTTP: an array, or an
/// object with `order` and `expectations`.
///
/// # Errors
/// All mistakes in the expectations, one per line.
pub fn read_expectations(json: &Value) -> Result<Expectations<Answer>, String> {
    read_at(json, |_| Place::default())
}

fn read_at(json: &Value, place: impl Fn(usize) -> Place) -> Result<Expectations<Answer>, String> {
    let read = Expectations::from_json_with(json, ANSWER_KEYS, place);
    let Expectations { order, list } = read.map_err(|wrong| wrong.to_string())?;
    let mapped = list.into_iter().map(|expectation: Expectation<Value>| {
        let index = expectation.place.index.unwrap_or_default();
        let prepares = expectation.origin.command == Some(Command::Prepare);
        let mapped = expectation.try_map_answers(|json| match prepares {
            true => Answer::new(json).map(Answer::of_preparation),
            false => Answer::new(json),
        });
        mapped.map_err(|problem| format!("expectations[{index}]: {problem}"))
    });
    Ok(Expectations {
        order,
        list: mapped.collect::<Result<_, String>>()?,
    })
}

/// What the client of an unexpected statement gets. Neither drivers nor pools take this number or its state for a
/// reason to try again, or to close.
pub(crate) fn unexpected(why: &impl ToString) -> Failure {
    Failure::general(ER_UNKNOWN_ERROR, why.to_string())
}
