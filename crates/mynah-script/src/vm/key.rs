use boa_engine::{JsString, js_string};

use crate::document::{Key, every_key};

/// A key of a script as a property key of JavaScript.
pub(super) fn js(key: Key) -> JsString {
    let js = JS.get(key.place);
    js.map_or_else(|| key.name.into(), |js| js())
}

macro_rules! strings {
    ($($ident:ident = $name:literal,)*) => {
        /// The strings of all keys, which are static, in the order of the keys.
        const JS: &[fn() -> JsString] = &[$(|| js_string!($name),)*];
    };
}

every_key!(strings);
