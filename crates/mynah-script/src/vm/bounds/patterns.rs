//! `exec` and `split` of patterns, in time by the length of a text.
//!
//! Boa searches texts of two bytes a character only. It makes such a copy of a text of one byte a
//! character whenever `exec` is called, so that functions that find one match after the other
//! (`match`, `matchAll`, `replace`, `split`, a script's own loop) took time by the square of the
//! text. Here a text is copied once, at its first search. What is found is the same, as strings
//! compare by their characters.

use boa_engine::object::builtins::{JsArray, JsRegExp};
use boa_engine::object::{FunctionObjectBuilder, JsObject};
use boa_engine::property::PropertyKey;
use boa_engine::{
    Context, JsArgs, JsResult, JsString, JsSymbol, JsValue, NativeFunction, js_string,
};

use super::matched::{end, start};
use super::sticky::Sticky;
use super::wide::wide;
use super::{name, original, put, replace, spend, units};

/// Bounds what patterns do; `prototype` is `RegExp.prototype`.
pub(super) fn install(prototype: &JsObject, context: &mut Context) -> JsResult<()> {
    let Some(exec_of_boa) = original(prototype, name!("exec")) else {
        return Ok(());
    };
    let constructor = context.intrinsics().constructors().regexp().constructor();
    let sticky = Sticky::new(exec_of_boa.clone(), constructor.clone());
    let captured = (exec_of_boa, sticky);
    let exec = NativeFunction::from_copy_closure_with_captures(exec, captured);
    let exec = replace(prototype, name!("exec"), 1, exec, context);

    let split_of_boa = prototype.get(JsSymbol::split(), context)?;
    let Some(split_of_boa) = split_of_boa.as_object() else {
        return Ok(());
    };
    let own = Own {
        exec: exec.into(),
        constructor,
        split: split_of_boa,
    };
    let split = NativeFunction::from_copy_closure_with_captures(split, own);
    let split = FunctionObjectBuilder::new(context.realm(), split)
        .name(js_string!("[Symbol.split]"))
        .length(2)
        .build();
    put(prototype, JsSymbol::split(), split);
    Ok(())
}

/// `RegExp.prototype.exec(string)`.
fn exec(
    this: &JsValue,
    args: &[JsValue],
    (original, sticky): &(JsObject, Sticky),
    context: &mut Context,
) -> JsResult<JsValue> {
    spend(EXECUTION, context)?;
    let Some(text) = args.first().and_then(JsValue::as_string) else {
        return original.call(this, args, context);
    };
    let from = last_index(this, context)?;
    let is_sticky = |pattern: &JsRegExp| matches!(pattern.sticky(context), Ok(true));
    let sticky_one = as_pattern(this).filter(is_sticky);
    let found = match &sticky_one {
        Some(pattern) => sticky.exec(pattern, &text, context)?,
        None => original.call(this, &[wide(&text, context)?.into()], context)?,
    };
    let end = match found.as_object() {
        Some(found) => end(&found, context)?,
        None if sticky_one.is_some() => from,
        None => text.len(),
    };
    spend(units(end.saturating_sub(from)), context)?;
    Ok(found)
}

/// Where a pattern begins to search: 0 unless it is a number.
fn last_index(pattern: &JsValue, context: &mut Context) -> JsResult<usize> {
    let Some(pattern) = as_pattern(pattern) else {
        return Ok(0);
    };
    let index = pattern.get(js_string!("lastIndex"), context)?;
    Ok(index
        .as_i32()
        .map_or(0, |index| index.try_into().unwrap_or(0)))
}

fn as_pattern(value: &JsValue) -> Option<JsRegExp> {
    JsRegExp::from_object(value.as_object()?).ok()
}

/// What a pattern has that no script has changed.
#[derive(Clone, boa_gc::Trace, boa_gc::Finalize)]
struct Own {
    exec: JsValue,
    constructor: JsObject,
    split: JsObject,
}

/// `RegExp.prototype[Symbol.split](string, limit)`.
///
/// As the standard has it, a pattern is tried at each character of the text by itself, which Boa
/// does by a search from there to the next match. One search after each match gives the same,
/// unless a script has changed what patterns do.
fn split(this: &JsValue, args: &[JsValue], own: &Own, context: &mut Context) -> JsResult<JsValue> {
    let Some(pattern) = this.as_object().filter(|_| is_plain(this, own, context)) else {
        return own.split.call(this, args, context);
    };
    let text = args.get_or_undefined(0).to_string(context)?;
    let flags = pattern.get(js_string!("flags"), context)?;
    let flags = flags.to_string(context)?.to_std_string_lossy();
    let is_unicode = flags.contains(['u', 'v']);
    // `split` ignores both flags of the script's pattern; the search needs `g` to continue behind each match.
    let flags = format!("{}g", flags.replace(['g', 'y'], ""));
    let flags = JsString::from(flags).into();
    let search = own
        .constructor
        .construct(&[this.clone(), flags], None, context)?;
    let limit = match args.get_or_undefined(1) {
        limit if limit.is_undefined() => u32::MAX,
        limit => limit.to_u32(context)?,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let parts = match limit {
        0 => Vec::new(),
        _ => parts(&text, search, is_unicode, limit, own, context)?,
    };
    Ok(JsArray::from_iter(parts, context).into())
}

/// The parts of a text between the matches of a global pattern, and what its groups captured.
fn parts(
    text: &JsString,
    search: JsObject,
    is_unicode: bool,
    limit: usize,
    own: &Own,
    context: &mut Context,
) -> JsResult<Vec<JsValue>> {
    let search = JsValue::from(search);
    let (mut parts, mut from, mut next) = (Vec::new(), 0, 0);
    while let Some(found) = find(&search, text, next, own, context)? {
        if text.is_empty() {
            return Ok(parts);
        }
        let (start, end) = (start(&found, context)?, end(&found, context)?);
        if start >= text.len() {
            break;
        }
        // An empty match at the end of the last part separates nothing: the search continues one character later.
        if end == from {
            next = advance(text, start, is_unicode);
            continue;
        }
        parts.push(text.slice(from, start).into());
        let groups = found
            .get(js_string!("length"), context)?
            .to_length(context)?;
        for group in 1..groups {
            parts.push(found.get(group, context)?);
        }
        if parts.len() >= limit {
            parts.truncate(limit);
            return Ok(parts);
        }
        (from, next) = (end, end);
    }
    parts.push(text.slice(from, text.len()).into());
    Ok(parts)
}

/// The first match of a global pattern from a place on.
fn find(
    search: &JsValue,
    text: &JsString,
    from: usize,
    own: &Own,
    context: &mut Context,
) -> JsResult<Option<JsObject>> {
    if let Some(pattern) = search.as_object() {
        pattern.set(js_string!("lastIndex"), from, true, context)?;
    }
    let exec = own.exec.as_callable();
    let found = exec.map(|exec| exec.call(search, &[text.clone().into()], context));
    Ok(found.transpose()?.and_then(|found| found.as_object()))
}

/// The place of the next character.
fn advance(text: &JsString, at: usize, is_unicode: bool) -> usize {
    match is_unicode && at < text.len() {
        true => at + text.code_point_at(at).code_unit_count(),
        false => at + 1,
    }
}

/// Whether a value is a pattern whose `exec` and constructor no script has changed.
fn is_plain(value: &JsValue, own: &Own, context: &mut Context) -> bool {
    let Some(pattern) = value.as_object() else {
        return false;
    };
    let is = |object: &JsObject, key: PropertyKey, wanted: &JsValue, context: &mut Context| {
        let value = object.get(key, context);
        value.is_ok_and(|value| JsValue::same_value(&value, wanted))
    };
    let constructor = JsValue::from(own.constructor.clone());
    JsRegExp::from_object(pattern.clone()).is_ok()
        && is(&pattern, js_string!("exec").into(), &own.exec, context)
        && is(
            &pattern,
            js_string!("constructor").into(),
            &constructor,
            context,
        )
        && is(
            &own.constructor,
            JsSymbol::species().into(),
            &constructor,
            context,
        )
}

/// What a pattern costs besides, in instructions.
const EXECUTION: u64 = 100;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use boa_engine::Source;

    use super::super::super::clock::Clock;
    use super::*;
    use crate::ScriptOptions;

    /// The work that an expression takes with a text of so many lines in `s`.
    fn work(expression: &str, lines: usize) -> u64 {
        let mut context = Context::default();
        super::super::install(&mut context).unwrap();
        let clock = Clock::new(&ScriptOptions {
            budget: Duration::from_secs(3600),
            memory: usize::MAX,
            ..ScriptOptions::default()
        });
        context.insert_data(clock.clone());
        let script = format!("var s = 'a line\\n'.repeat({lines}); {expression}");
        context.eval(Source::from_bytes(&script)).unwrap();
        super::super::forget_text();
        clock.total.get()
    }

    #[test]
    fn the_work_of_patterns_grows_with_the_text() {
        let forms = [
            r"s.split(/\n/)",
            r"s.split(/(l)(i)?/y)",
            "s.split(/x/)",
            r"s.match(/\n/g)",
            r"s.replace(/\n/g, '; ')",
            r"s.replace(/(a)|\n/g, function (m) { return m + m; })",
            r"s.replaceAll(/\n/g, '$1')",
            r"Array.from(s.matchAll(/l(.)n/g))",
            r"for (var p = /\n/g; p.exec(s); );",
            r"for (var p = /\n/g; p.test(s); );",
            "s.search(/x/)",
            r"for (var p = /a line\n/y; p.exec(s); );",
            r"for (var p = /x/y, i = 0; i < s.length; i += 7) { p.lastIndex = i; p.test(s); }",
            r"s.match(/a line\n/gy)",
        ];
        for form in forms {
            let (once, twice) = (work(form, 2_000), work(form, 4_000));
            assert!(once >= 1_000, "{form}: {once}");
            assert!(twice <= 2 * once + 1_000, "{form}: {once}, {twice}");
        }
    }
}
