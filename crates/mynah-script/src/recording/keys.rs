use serde_json::{Map, Value};

use crate::check::unknown_key_of_recorded;

/// What is wrong with the keys of the results in an entry's answers.
pub(super) fn unknown_key(answers: &[Value]) -> Option<String> {
    let mut answers = answers.iter().enumerate();
    answers.find_map(|(index, answer)| in_answer(answer, &format!("answers[{index}]")))
}

fn in_answer(answer: &Value, path: &str) -> Option<String> {
    let set = ["result", "out_parameters"].into_iter().find_map(|key| {
        let set = answer.get(key)?.as_object()?;
        in_result(set, &format!("{path}.{key}"))
    });
    let results = answer.get("results").and_then(Value::as_array);
    let mut results = results.into_iter().flatten().enumerate();
    let of_file = answer.pointer("/local_infile/answer");
    set.or_else(|| {
        results.find_map(|(index, result)| in_answer(result, &format!("{path}.results[{index}]")))
    })
    .or_else(|| in_answer(of_file?, &format!("{path}.local_infile.answer")))
}

fn in_result(set: &Map<String, Value>, path: &str) -> Option<String> {
    let problem = set.keys().find_map(|key| unknown_key_of_recorded(key))?;
    Some(format!("{path}: {problem}"))
}
