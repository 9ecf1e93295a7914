use boa_engine::{Context, Source};

/// Makes what the engine makes once for the whole process, when it is first needed: a thread that is lost
/// in the middle of that would keep all others waiting.
pub(crate) fn force_statics() {
    // What doesn't work here doesn't in a script, which is told so then.
    let _made = Context::default().eval(Source::from_bytes(STATICS));
}

/// The registry of symbols, common strings, limits of BigInt, and the time zone.
const STATICS: &str = "Symbol.for('length'); new BigInt64Array(1)[0] = 1n; new BigUint64Array(1)[0] = 1n; \
    new Date().getTimezoneOffset(); 'a'.replace(/b/u, '')";
