//! Built-in functions that could take all the time or memory there is, in versions that end with
//! an error first, and that take no longer for a text than its length warrants.
//!
//! They do what the standard says and can't be told from those that they replace: name, `length`
//! and the attributes of the property are the same. A script gets a RangeError for what is too
//! large or nested too deep. One that has no more time is ended.

mod arrays;
mod find;
mod grow;
mod json;
mod nested;
mod patterns;
mod replace;
mod search;
mod split;

use boa_engine::native_function::NativeFunctionPointer;
use boa_engine::object::{FunctionObjectBuilder, JsObject};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{
    Context, JsError, JsNativeError, JsResult, JsString, JsValue, NativeFunction, js_string,
};

use super::clock::{left, spend};

pub(super) use find::Pattern;
pub(super) use patterns::forget_text;

/// A built-in function that is replaced: its name, how many parameters it tells, and the function.
type Replaced = (&'static str, usize, NativeFunctionPointer);
/// A built-in function whose arguments are looked at before it is called.
type Checked = (&'static str, Check);
type Check = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<()>;

/// Puts bounded functions in the place of built-in ones.
pub(super) fn install(context: &mut Context) -> JsResult<()> {
    let constructors = context.intrinsics().constructors();
    let string = constructors.string().prototype();
    let array = constructors.array().prototype();
    let array_constructor = constructors.array().constructor();
    let function = constructors.function().prototype();
    let big_int = constructors.bigint().constructor();
    let pattern = constructors.regexp().prototype();
    let reflect = context.intrinsics().objects().reflect();
    let json = context.intrinsics().objects().json();
    let replaced: [(&JsObject, &[Replaced]); 2] = [(&string, STRING), (&array, arrays::REPLACED)];
    for (home, functions) in replaced {
        for &(name, length, function) in functions {
            let function = NativeFunction::from_fn_ptr(function);
            let function = FunctionObjectBuilder::new(context.realm(), function)
                .name(JsString::from(name))
                .length(length)
                .build();
            put(home, JsString::from(name), function.into(), context)?;
        }
    }
    let checked: [(&JsObject, &[Checked]); 5] = [
        (&array, arrays::CHECKED),
        (&array_constructor, arrays::CHECKED_OF_CONSTRUCTOR),
        (&function, arrays::CHECKED_OF_FUNCTIONS),
        (&reflect, arrays::CHECKED_OF_REFLECT),
        (&big_int, grow::CHECKED_OF_BIG_INT),
    ];
    for (home, functions) in checked {
        for &(name, check) in functions {
            let original = home.get(JsString::from(name), context)?;
            if let Some(original) = original.as_object() {
                let function = with_check(&original, name, check, context)?;
                put(home, JsString::from(name), function, context)?;
            }
        }
    }
    nested::install(&array, context)?;
    patterns::install(&pattern, context)?;
    json::install(&json, context)
}

/// A function that looks at its arguments and calls another.
fn with_check(
    original: &JsObject,
    name: &'static str,
    check: Check,
    context: &mut Context,
) -> JsResult<JsValue> {
    let length = original.get(js_string!("length"), context)?;
    let length = length.to_length(context)?.try_into().unwrap_or_default();
    let function = NativeFunction::from_copy_closure_with_captures(
        move |this, args, original: &JsObject, context| {
            check(this, args, context)?;
            original.call(this, args, context)
        },
        original.clone(),
    );
    let function = FunctionObjectBuilder::new(context.realm(), function)
        .name(JsString::from(name))
        .length(length)
        .build();
    Ok(function.into())
}

fn put(
    home: &JsObject,
    key: impl Into<PropertyKey>,
    function: JsValue,
    context: &mut Context,
) -> JsResult<()> {
    let property = PropertyDescriptor::builder()
        .value(function)
        .writable(true)
        .enumerable(false)
        .configurable(true);
    home.define_property_or_throw(key, property, context)
        .map(drop)
}

/// Notes a text of so many characters that is about to be made.
///
/// # Errors
/// It would be too long, or the script has no more time.
fn make(length: usize, context: &Context) -> JsResult<()> {
    check_length(length)?;
    left(length);
    spend(units(length), context)
}

fn check_length(length: usize) -> JsResult<()> {
    match length > LONGEST_STRING {
        true => Err(range(format!(
            "a string of more than {LONGEST_STRING} characters"
        ))),
        false => Ok(()),
    }
}

/// The work of looking at so many characters.
fn units(length: usize) -> u64 {
    (length / CHARACTERS_PER_UNIT)
        .try_into()
        .unwrap_or(u64::MAX)
}

fn range(message: impl Into<std::borrow::Cow<'static, str>>) -> JsError {
    JsNativeError::range().with_message(message).into()
}

/// The longest string, in characters, as in other engines: 2²⁹−24.
const LONGEST_STRING: usize = (1 << 29) - 24;
/// How many characters take as long as one instruction.
const CHARACTERS_PER_UNIT: usize = 8;

/// Functions of strings, as `String.prototype` has them.
const STRING: &[Replaced] = &[
    ("concat", 1, grow::concat),
    ("endsWith", 1, search::ends_with),
    ("includes", 1, search::includes),
    ("indexOf", 1, search::index_of),
    ("lastIndexOf", 1, search::last_index_of),
    ("padEnd", 1, grow::pad_end),
    ("padStart", 1, grow::pad_start),
    ("repeat", 1, grow::repeat),
    ("replace", 2, replace::replace),
    ("replaceAll", 2, replace::replace_all),
    ("split", 2, split::split),
    ("startsWith", 1, search::starts_with),
];
