//! Templates in answers, `{{params.0}}`, which are replaced by values of the statement.

mod parse;
mod values;

use serde_json::Value as Json;

pub use parse::TemplateError;
use parse::{Piece, parse};
pub use values::TemplateValues;

/// Replaces the templates in all texts of an answer. A text that consists of one template becomes a value of
/// the template's type. In longer texts values are written as text, and NULL as nothing.
///
/// # Errors
/// When a template has an unknown name or no end, or there is no such parameter.
pub fn fill_in(answer: &Json, values: &mut TemplateValues<'_>) -> Result<Json, TemplateError> {
    Ok(match answer {
        Json::String(text) => return text_of(text, values),
        Json::Array(list) => {
            let each = list.iter().map(|json| fill_in(json, values));
            Json::Array(each.collect::<Result<_, _>>()?)
        }
        Json::Object(object) => {
            let each = object
                .iter()
                .map(|(key, json)| Ok((key.clone(), fill_in(json, values)?)));
            Json::Object(each.collect::<Result<_, _>>()?)
        }
        other => other.clone(),
    })
}

/// Whether an answer has templates. Checks them, too, so that mistakes are found when a script is loaded.
///
/// # Errors
/// When a template has an unknown name or no end.
pub fn has_templates(answer: &Json) -> Result<bool, TemplateError> {
    Ok(match answer {
        Json::String(text) => parse(text)?
            .iter()
            .any(|piece| matches!(piece, Piece::Template(_))),
        Json::Array(list) => any(list.iter())?,
        Json::Object(object) => any(object.values())?,
        _ => false,
    })
}

fn any<'j>(several: impl Iterator<Item = &'j Json>) -> Result<bool, TemplateError> {
    let mut found = false;
    for json in several {
        found |= has_templates(json)?;
    }
    Ok(found)
}

fn text_of(text: &str, values: &mut TemplateValues<'_>) -> Result<Json, TemplateError> {
    if !text.contains("{{") {
        return Ok(Json::String(text.to_owned()));
    }
    let pieces = parse(text)?;
    if let [Piece::Template(name)] = pieces.as_slice() {
        return Ok(values.value(*name)?.to_json());
    }
    let mut written = String::with_capacity(text.len());
    for piece in pieces {
        match piece {
            Piece::Text(text) => written.push_str(text),
            Piece::Template(name) => {
                written.push_str(&values.value(name)?.to_text().unwrap_or_default());
            }
        }
    }
    Ok(Json::String(written))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::Value;

    fn values(params: &[Value]) -> TemplateValues<'_> {
        TemplateValues::new(params, "select ?, ?", "2026-11-29 12:00:00", 7, 3)
    }

    #[test]
    fn a_text_that_is_one_template_keeps_its_type() {
        let params = [Value::from(7_i64), Value::Null, Value::from("a")];
        let answer = json!({"rows": [["{{params.0}}", "{{ params.1 }}", "{{params.2}}", "{{counter}}", 5, null]]});
        let filled = fill_in(&answer, &mut values(&params));
        assert_eq!(filled, Ok(json!({"rows": [[7, null, "a", 3, 5, null]]})));
        let answer = json!("{{params.2}}-{{params.0}}{{params.1}} at {{now}}: {{statement}} {}}{");
        let filled = fill_in(&answer, &mut values(&params));
        assert_eq!(
            filled,
            Ok(json!("a-7 at 2026-11-29 12:00:00: select ?, ? {}}{"))
        );
    }

    #[test]
    fn each_uuid_is_another_and_the_same_seed_gives_the_same() {
        let filled = || fill_in(&json!(["{{uuid}}", "{{uuid}}"]), &mut values(&[]));
        let Ok(Json::Array(uuids)) = filled() else {
            panic!("no array")
        };
        assert_ne!(uuids[0], uuids[1]);
        assert_eq!(filled(), Ok(Json::Array(uuids.clone())));
        let shape = regex::Regex::new(
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        );
        assert!(shape.unwrap().is_match(uuids[0].as_str().unwrap()));
    }

    #[test]
    fn what_is_wrong_with_a_template_is_said() {
        for (text, said) in [
            (
                "{{param.0}}",
                "there is no template {{param.0}}; did you mean {{params.0}}?",
            ),
            (
                "{{x}}",
                "there is no template {{x}}; there are {{params.0}}, {{statement}}, {{now}}, {{uuid}}, {{counter}}",
            ),
            ("{{now", "the template {{now has no end; add }}"),
            (
                "{{params.1}}",
                "there is no parameter for {{params.1}}: the statement has 1",
            ),
        ] {
            let filled = fill_in(&json!(text), &mut values(&[Value::Null]));
            assert_eq!(
                filled.map_err(|error| error.to_string()),
                Err(said.to_owned())
            );
        }
        assert_eq!(has_templates(&json!({"a": ["b", "{{now}}"]})), Ok(true));
        assert_eq!(has_templates(&json!({"a": ["b", 1]})), Ok(false));
    }
}
