use boa_engine::{Context, Source};

/// Initialises the engine's statics, which all threads share, before a script runs. A thread that is lost
/// in the middle of that would block all others.
pub(crate) fn force_statics() {
    // An error here isn't lost: a script that needs the same gets it again.
    let _made = Context::default().eval(Source::from_bytes(STATICS));
}

/// The registry of symbols, common strings, limits of BigInt, and the time zone.
const STATICS: &str = "Symbol.for('length'); new BigInt64Array(1)[0] = 1n; new BigUint64Array(1)[0] = 1n; \
    new Date().getTimezoneOffset(); 'a'.replace(/b/u, '')";
