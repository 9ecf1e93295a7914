//! Built-in functions that go down into nested arrays, and could use up the native stack.

use boa_engine::object::JsObject;
use boa_engine::{Context, JsResult, JsValue, NativeFunction};

use super::level::{DEEPEST, Level, too_deep};
use super::{name, original, replace};

/// Bounds what recurses within itself.
pub(super) fn install(array: &JsObject, context: &Context) {
    if let Some(original) = original(array, name!("toLocaleString")) {
        let function = NativeFunction::from_copy_closure_with_captures(one_level_more, original);
        replace(array, name!("toLocaleString"), 0, function, context);
    }
    if let Some(original) = original(array, name!("flat")) {
        let function = NativeFunction::from_copy_closure_with_captures(flat, original);
        replace(array, name!("flat"), 0, function, context);
    }
}

fn one_level_more(
    this: &JsValue,
    args: &[JsValue],
    original: &JsObject,
    context: &mut Context,
) -> JsResult<JsValue> {
    let _level = Level::enter()?;
    super::arrays::length(this, args, context)?;
    original.call(this, args, context)
}

/// `Array.prototype.flat([depth])`.
fn flat(
    this: &JsValue,
    args: &[JsValue],
    original: &JsObject,
    context: &mut Context,
) -> JsResult<JsValue> {
    super::arrays::length(this, args, context)?;
    let shallow = args.first().is_none_or(|depth| {
        depth.is_undefined() || depth.as_number().is_some_and(|depth| depth <= SHALLOW)
    });
    if !shallow && let Some(array) = this.as_object() {
        measure(&array, context)?;
    }
    original.call(this, args, context)
}

/// Makes sure that arrays in an array don't nest too deep.
fn measure(array: &JsObject, context: &mut Context) -> JsResult<()> {
    let mut open = vec![(array.clone(), 0)];
    while let Some((array, depth)) = open.pop() {
        if depth > DEEPEST {
            return Err(too_deep());
        }
        super::spend(1, context)?;
        let array = array.borrow();
        let elements = array.properties().index_properties();
        let elements = elements.filter_map(|(_, element)| element.value()?.as_object());
        open.extend(
            elements
                .filter(JsObject::is_array)
                .map(|array| (array, depth + 1)),
        );
    }
    Ok(())
}

/// What is gone down into without a look at how deep it is.
const SHALLOW: f64 = 1000.0;
