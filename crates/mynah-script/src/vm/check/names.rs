//! The global names that a script may use without declaring them.

/// What every session has of its own: it may do with it what it likes.
pub(super) const OF_THE_SESSION: &[&str] = &["Duktape", "console", "mysqld", "process"];

/// What a module has besides.
pub(super) const OF_A_MODULE: &[&str] = &["__dirname", "__filename", "exports", "module", "native"];

/// Values that are no objects.
pub(super) const CONSTANTS: &[&str] = &["undefined", "NaN", "Infinity"];

/// Functions that may be passed as values: scripts have no way to keep a value in them.
pub(super) const PLAIN_FUNCTIONS: &[&str] = &[
    "Boolean",
    "Number",
    "String",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "escape",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "unescape",
];

/// Errors, which classes of a script descend from.
pub(super) const ERRORS: &[&str] = &[
    "AggregateError",
    "Error",
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
];

/// Everything else that may be called and looked at, but neither changed nor handed around.
pub(super) const OTHERS: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "DataView",
    "Date",
    "Float32Array",
    "Float64Array",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "JSON",
    "Map",
    "Math",
    "Object",
    "Promise",
    "Proxy",
    "Reflect",
    "RegExp",
    "Set",
    "Symbol",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "WeakSet",
];

/// Names that a context has, and that are never cleared.
const NEVER: &[&str] = &[
    "Atomics",
    "FinalizationRegistry",
    "Function",
    "Iterator",
    "SharedArrayBuffer",
    "WeakRef",
    "eval",
    "exports",
    "globalThis",
    "module",
    "require",
];

/// Whether it means an object that sessions share.
pub(super) fn is_shared(name: &str) -> bool {
    [PLAIN_FUNCTIONS, ERRORS, OTHERS]
        .iter()
        .any(|names| names.contains(&name))
}

/// Whether a program that declares it would change what there is.
pub(super) fn is_taken(name: &str) -> bool {
    let taken = [OF_THE_SESSION, CONSTANTS, NEVER];
    is_shared(name) || taken.iter().any(|names| names.contains(&name))
}

/// Properties that lead from an object of a script's own to one that is shared.
pub(super) fn leads_out(property: &str) -> bool {
    matches!(property, "__proto__" | "constructor")
}

/// Properties that hand out, or keep, what is shared, or change which modules are found.
pub(super) fn is_unclean_property(object: &str, property: &str) -> bool {
    matches!(
        (object, property),
        ("Object" | "Reflect", "getPrototypeOf")
            | ("Symbol", "for" | "keyFor")
            | ("module", "paths")
    )
}
