use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, parse_to_ast};

use super::{Content, Lines, Member, Outline};
use crate::plan::JSON_WITH_COMMENTS;

/// The outline of a JSON text, so many levels deep; nothing if the text isn't JSON.
pub(crate) fn json(text: &str, levels: usize) -> Option<Outline> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &JSON_WITH_COMMENTS).ok()?;
    let mut lines = Lines::new(text);
    Some(outline(&parsed.value?, levels, &mut lines))
}

fn outline(value: &Value<'_>, levels: usize, lines: &mut Lines<'_>) -> Outline {
    let position = lines.at(value.start());
    let content = match (value, levels.checked_sub(1)) {
        (Value::Object(object), Some(levels)) => Content::Object(members(object, levels, lines)),
        (Value::Array(array), Some(levels)) => {
            let elements = array.elements.iter();
            Content::Array(
                elements
                    .map(|value| Some(outline(value, levels, lines)))
                    .collect(),
            )
        }
        _ => Content::Other,
    };
    Outline { position, content }
}

fn members(object: &Object<'_>, levels: usize, lines: &mut Lines<'_>) -> Vec<Member> {
    let members = object.properties.iter().map(|property| Member {
        key: property.name.as_str().to_owned(),
        position: lines.at(property.start()),
        value: outline(&property.value, levels, lines),
    });
    members.collect()
}
