//! Built-in functions whose time depends on an array's length.

use boa_engine::property::PropertyKey;
use boa_engine::value::IntegerOrInfinity;
use boa_engine::{Context, JsArgs, JsResult, JsValue, js_string};

use super::grow::joined;
use super::level::Level;
use super::{Checked, LONGEST_STRING, Replaced, name, range, spend};

/// Functions of arrays that make texts.
pub(super) const REPLACED: &[Replaced] = &[(name!("join"), 1, join)];

/// Functions of arrays that look at each element, or at each place for one.
pub(super) const CHECKED: &[Checked] = &[
    (name!("concat"), 1, length),
    (name!("copyWithin"), 2, length),
    (name!("every"), 1, length),
    (name!("fill"), 1, length),
    (name!("filter"), 1, length),
    (name!("find"), 1, length),
    (name!("findIndex"), 1, length),
    (name!("findLast"), 1, length),
    (name!("findLastIndex"), 1, length),
    (name!("flatMap"), 1, length),
    (name!("forEach"), 1, length),
    (name!("includes"), 1, length),
    (name!("indexOf"), 1, length),
    (name!("lastIndexOf"), 1, length),
    (name!("map"), 1, length),
    (name!("reduce"), 1, length),
    (name!("reduceRight"), 1, length),
    (name!("reverse"), 0, length),
    (name!("shift"), 0, length),
    (name!("slice"), 2, length),
    (name!("some"), 1, length),
    (name!("sort"), 1, length),
    (name!("splice"), 2, length),
    (name!("toReversed"), 0, length),
    (name!("toSorted"), 1, length),
    (name!("toSpliced"), 2, length),
    (name!("unshift"), 1, length),
    (name!("with"), 2, length),
];
pub(super) const CHECKED_OF_CONSTRUCTOR: &[Checked] = &[(name!("from"), 1, |_, args, context| {
    length(args.get_or_undefined(0), &[], context)
})];
pub(super) const CHECKED_OF_FUNCTIONS: &[Checked] = &[(name!("apply"), 2, |_, args, context| {
    arguments(args.get_or_undefined(1), context)
})];
pub(super) const CHECKED_OF_REFLECT: &[Checked] = &[
    (name!("apply"), 3, |_, args, context| {
        arguments(args.get_or_undefined(2), context)
    }),
    (name!("construct"), 2, |_, args, context| {
        arguments(args.get_or_undefined(1), context)
    }),
];

/// Bounds the length of what a function is called on.
pub(super) fn length(this: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<()> {
    let length = length_property(this);
    if length > MOST_ELEMENTS {
        return Err(range(format!(
            "an array of more than {MOST_ELEMENTS} elements"
        )));
    }
    spend(length, context)
}

fn arguments(list: &JsValue, _: &mut Context) -> JsResult<()> {
    match length_property(list) > MOST_ARGUMENTS {
        true => Err(range(format!("more than {MOST_ARGUMENTS} arguments"))),
        false => Ok(()),
    }
}

/// What `length` says, as far as a script can't see that it was looked at.
fn length_property(value: &JsValue) -> u64 {
    let Some(object) = value.as_object() else {
        return 0;
    };
    let object = object.borrow();
    let length = object
        .properties()
        .get(&PropertyKey::from(js_string!("length")));
    let length = length.and_then(|length| length.value()?.as_number());
    match length.map(IntegerOrInfinity::from) {
        Some(IntegerOrInfinity::Integer(length)) => length.try_into().unwrap_or_default(),
        Some(IntegerOrInfinity::PositiveInfinity) => u64::MAX,
        _ => 0,
    }
}

/// `Array.prototype.join(separator)`.
fn join(this: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let _level = Level::enter()?;
    let array = this.to_object(context)?;
    let length = array
        .get(js_string!("length"), context)?
        .to_length(context)?;
    let separator = args.get_or_undefined(0);
    let separator = match separator.is_undefined() {
        true => js_string!(","),
        false => separator.to_string(context)?,
    };
    if length > MOST_ELEMENTS {
        return Err(range(format!(
            "an array of more than {MOST_ELEMENTS} elements"
        )));
    }
    let (mut parts, mut characters) = (Vec::new(), 0_usize);
    for index in 0..length {
        if index > 0 && !separator.is_empty() {
            parts.push(separator.clone());
            characters = characters.saturating_add(separator.len());
        }
        if index % ELEMENTS_AT_ONCE == 0 {
            spend(ELEMENTS_AT_ONCE, context)?;
        }
        let element = array.get(index, context)?;
        // As Boa has it, an array in itself is left out.
        let is_itself = element.as_object().is_some_and(|element| element == array);
        if !element.is_null_or_undefined() && !is_itself {
            let part = match element.as_string() {
                Some(part) => part,
                None => element.to_string(context)?,
            };
            characters = characters.saturating_add(part.len());
            if !part.is_empty() {
                parts.push(part);
            }
        }
        if characters > LONGEST_STRING {
            break;
        }
    }
    joined(&parts, context).map(JsValue::from)
}

/// As many as may be filled in a second or two: 2²⁴.
const MOST_ELEMENTS: u64 = 1 << 24;
/// The virtual machine keeps arguments on its stack.
const MOST_ARGUMENTS: u64 = 1 << 16;
const ELEMENTS_AT_ONCE: u64 = 256;
