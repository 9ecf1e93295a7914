//! Built-in functions that could take all the time or memory there is, in versions that end with
//! an error first, and that take no longer for a text than its length warrants.
//!
//! They do what the standard says, and a script sees no difference to those that they replace: name, `length`
//! and the attributes of the property are the same. A script gets a RangeError for what is too
//! large or nested too deep. One that has no more time is ended.

mod arrays;
mod find;
mod grow;
mod json;
mod level;
mod matched;
mod nested;
mod patterns;
mod replace;
mod search;
mod split;
mod sticky;
mod wide;

use boa_engine::native_function::NativeFunctionPointer;
use boa_engine::object::builtins::JsFunction;
use boa_engine::object::{FunctionObjectBuilder, JsObject};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::string::StaticString;
use boa_engine::{Context, JsError, JsNativeError, JsResult, JsString, JsValue, NativeFunction};

use super::clock::{left, spend};

pub(super) use find::Pattern;
pub(super) use wide::forget_text;

/// A name that needn't be looked up or copied.
type Name = &'static StaticString;
/// A built-in function that is replaced: its name, its `length`, and the function.
type Replaced = (Name, usize, NativeFunctionPointer);
/// A built-in function whose arguments are looked at before it is called: name, parameters, and what looks.
type Checked = (Name, usize, Check);
type Check = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<()>;

/// A [`Name`].
macro_rules! name {
    ($name:literal) => {
        const { &boa_engine::string::StaticString::new(boa_engine::js_str!($name)) }
    };
}
use name;

/// Puts bounded functions in the place of built-in ones.
///
/// Each script that has a context of its own pays for this with each session.
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
            replace(home, name, length, function, context);
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
        for &(name, length, check) in functions {
            if let Some(original) = original(home, name) {
                let function = with_check(original, check);
                replace(home, name, length, function, context);
            }
        }
    }
    nested::install(&array, context);
    patterns::install(&pattern, context)?;
    json::install(&json, context)
}

/// The function of this name that is there.
fn original(home: &JsObject, name: Name) -> Option<JsObject> {
    let name = PropertyKey::from(JsString::from_static(name));
    home.borrow().properties().get(&name)?.value()?.as_object()
}

/// A function that looks at its arguments and calls another.
fn with_check(original: JsObject, check: Check) -> NativeFunction {
    NativeFunction::from_copy_closure_with_captures(
        move |this, args, original: &JsObject, context| {
            check(this, args, context)?;
            original.call(this, args, context)
        },
        original,
    )
}

/// Puts a function in the place of a built-in one.
fn replace(
    home: &JsObject,
    name: Name,
    length: usize,
    function: NativeFunction,
    context: &Context,
) -> JsFunction {
    let function = FunctionObjectBuilder::new(context.realm(), function)
        .name(JsString::from_static(name))
        .length(length)
        .build();
    put(home, JsString::from_static(name), function.clone());
    function
}

pub(super) fn put(home: &JsObject, key: impl Into<PropertyKey>, function: JsFunction) {
    let property = PropertyDescriptor::builder()
        .value(function)
        .writable(true)
        .enumerable(false)
        .configurable(true);
    home.insert_property(key, property);
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

pub(super) fn range(message: impl Into<std::borrow::Cow<'static, str>>) -> JsError {
    JsNativeError::range().with_message(message).into()
}

/// The longest string, in characters, as in other engines: 2²⁹−24.
const LONGEST_STRING: usize = (1 << 29) - 24;
/// How many characters take as long as one instruction.
const CHARACTERS_PER_UNIT: usize = 8;

/// Functions of strings, as `String.prototype` has them.
const STRING: &[Replaced] = &[
    (name!("concat"), 1, grow::concat),
    (name!("endsWith"), 1, search::ends_with),
    (name!("includes"), 1, search::includes),
    (name!("indexOf"), 1, search::index_of),
    (name!("lastIndexOf"), 1, search::last_index_of),
    (name!("padEnd"), 1, grow::pad_end),
    (name!("padStart"), 1, grow::pad_start),
    (name!("repeat"), 1, grow::repeat),
    (name!("replace"), 2, replace::replace),
    (name!("replaceAll"), 2, replace::replace_all),
    (name!("split"), 2, split::split),
    (name!("startsWith"), 1, search::starts_with),
];
