//! `exec` of sticky patterns (`/…/y`), in time by the length of what they match.
//!
//! Boa searches on from the place where such a pattern has to match, up to the next match, and looks at the place of
//! what it found afterwards. Here a pattern is run that matches at that place in any case, as it has another
//! alternative: one that matches nothing. Where the pattern itself may have matched nothing, it is run again beside an
//! alternative that matches a character.

use std::collections::VecDeque;

use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsRegExp;
use boa_engine::{Context, JsResult, JsStr, JsString, JsValue, js_str, js_string};
use boa_gc::GcRefCell;

use super::matched::end;
use super::wide::wide;
use super::{spend, units};

/// The patterns that are run in the place of sticky ones.
#[derive(boa_gc::Trace, boa_gc::Finalize)]
pub(super) struct Sticky {
    exec: JsObject,
    constructor: JsObject,
    /// Those that were run last; the latest is the first.
    known: GcRefCell<VecDeque<StandIn>>,
}

/// The patterns that are run in the place of one.
#[derive(Clone, boa_gc::Trace, boa_gc::Finalize)]
struct StandIn {
    source: JsString,
    flags: JsString,
    or_nothing: JsObject,
    or_character: JsObject,
}

impl Sticky {
    /// `exec` and `constructor` are those of Boa's patterns.
    pub(super) fn new(exec: JsObject, constructor: JsObject) -> Self {
        Self {
            exec,
            constructor,
            known: GcRefCell::default(),
        }
    }

    /// The match of a sticky pattern at its `lastIndex`, or null.
    pub(super) fn exec(
        &self,
        pattern: &JsRegExp,
        text: &JsString,
        context: &mut Context,
    ) -> JsResult<JsValue> {
        let last_index = js_string!("lastIndex");
        let at = pattern
            .get(last_index.clone(), context)?
            .to_length(context)?;
        let found = match usize::try_from(at) {
            Ok(at) if at <= text.len() => self.find(pattern, at, text, context)?,
            _ => None,
        };
        let next = match &found {
            Some(found) => end(found, context)?,
            None => 0,
        };
        pattern.set(last_index, next, true, context)?;
        Ok(found.map_or_else(JsValue::null, Into::into))
    }

    fn find(
        &self,
        pattern: &JsRegExp,
        at: usize,
        text: &JsString,
        context: &mut Context,
    ) -> JsResult<Option<JsObject>> {
        let text = JsValue::from(wide(text, context)?);
        let Some(stand_in) = self.stand_in(pattern, context)? else {
            let found = self.exec.call(&pattern.clone().into(), &[text], context)?;
            return Ok(found.as_object());
        };
        let found = self.run(&stand_in.or_nothing, at, &text, context)?;
        match found {
            Some(found) if end(&found, context)? > at => return Ok(Some(found)),
            _ => {}
        }
        let found = self.run(&stand_in.or_character, at, &text, context)?;
        match found {
            Some(found) if end(&found, context)? == at => Ok(Some(found)),
            _ => Ok(None),
        }
    }

    fn run(
        &self,
        stand_in: &JsObject,
        at: usize,
        text: &JsValue,
        context: &mut Context,
    ) -> JsResult<Option<JsObject>> {
        stand_in.set(js_string!("lastIndex"), at, true, context)?;
        let found = self.exec.call(
            &stand_in.clone().into(),
            std::slice::from_ref(text),
            context,
        )?;
        Ok(found.as_object())
    }

    /// Those for a pattern; they are kept, as scripts run a few patterns by turns. None for one with half a character in
    /// its source, which Boa doesn't give.
    fn stand_in(&self, pattern: &JsRegExp, context: &mut Context) -> JsResult<Option<StandIn>> {
        let Ok(source) = pattern.source(context) else {
            return Ok(None);
        };
        // Boa has put a `\` before each `/`, also where there was one.
        let source = JsString::from(source.replace(r"\/", "/"));
        let flags = JsString::from(flags(pattern, context)?);
        let at = {
            let known = self.known.borrow();
            let same = |known: &StandIn| known.source == source && known.flags == flags;
            known.iter().position(same)
        };
        let known = at.and_then(|at| self.known.borrow_mut().remove(at));
        let stand_in = match known {
            Some(known) => known,
            None => self.make(source, flags, context)?,
        };
        let mut known = self.known.borrow_mut();
        known.push_front(stand_in.clone());
        known.truncate(KEPT);
        Ok(Some(stand_in))
    }

    fn make(&self, source: JsString, flags: JsString, context: &mut Context) -> JsResult<StandIn> {
        spend(2 * units(source.len()), context)?;
        let mut or = |alternative: JsStr<'_>| {
            let source = js_string!(js_str!("(?:"), &source, alternative);
            let arguments = [source.into(), flags.clone().into()];
            self.constructor.construct(&arguments, None, context)
        };
        Ok(StandIn {
            or_nothing: or(js_str!(")|"))?,
            or_character: or(js_str!(")|[^]"))?,
            source: source.clone(),
            flags: flags.clone(),
        })
    }
}

/// The flags of a sticky pattern but for `g`, which changes nothing about a single match.
fn flags(pattern: &JsRegExp, context: &mut Context) -> JsResult<String> {
    let has = [
        ('d', pattern.has_indices(context)?),
        ('i', pattern.ignore_case(context)?),
        ('m', pattern.multiline(context)?),
        ('s', pattern.dot_all(context)?),
        ('u', pattern.unicode(context)?),
        (
            'v',
            pattern
                .get(js_string!("unicodeSets"), context)?
                .to_boolean(),
        ),
        ('y', true),
    ];
    Ok(has
        .iter()
        .filter(|(_, has)| *has)
        .map(|(flag, _)| flag)
        .collect())
}

/// How many patterns of a script have theirs kept.
const KEPT: usize = 32;

#[cfg(test)]
mod tests {
    use boa_engine::Source;

    use super::*;

    /// What an expression comes to, with our `exec` and with Boa's.
    fn both(expression: &str) -> [String; 2] {
        [true, false].map(|is_ours| {
            let mut context = Context::default();
            if is_ours {
                super::super::install(&mut context).unwrap();
            }
            let value = context.eval(Source::from_bytes(expression)).unwrap();
            value
                .to_string(&mut context)
                .unwrap()
                .to_std_string_escaped()
        })
    }

    #[test]
    fn a_sticky_pattern_finds_what_boa_finds() {
        let patterns = [
            r"/a/y",
            r"/a*/y",
            r"/(a)|b/y",
            r"/(a)\1/y",
            r"/(a)\2/y",
            r"/(?<n>a+)?b?/dy",
            r"/(?=a)/y",
            r"/^a/my",
            r"/$/y",
            r"/a|/y",
            r"/|a/y",
            r"/[ab]+?/gy",
            r"/A/iy",
            r"/./suy",
            r"/\b/y",
            r"/(?<=a)b/y",
            r"/\u{1f600}/uy",
            r"/[/]/y",
            r"/\//y",
            r"/\p{L}+/vy",
            r"/(?:)/y",
            r"/x*?y/y",
        ];
        let texts = [
            "",
            "a",
            "b",
            "aab",
            "ba\\na",
            "ab/ab",
            "xx\u{1f600}a",
            "aaaaaaab",
        ];
        for pattern in patterns {
            for text in texts {
                let expression = format!(
                    "var text = '{text}', all = [];
                     for (var at = 0; at <= text.length + 1; at++) {{
                         var p = {pattern};
                         p.lastIndex = at;
                         var found = p.exec(text);
                         all.push([found && [found, found.index, found.indices, found.groups && found.groups.n, found.length], p.lastIndex]);
                     }}
                     all.push(text.match({pattern}), text.search({pattern}), text.replace({pattern}, '<$&>'));
                     JSON.stringify(all)"
                );
                let [ours, of_boa] = both(&expression);
                assert_eq!(ours, of_boa, "{pattern} in {text:?}");
            }
        }
    }

    #[test]
    fn more_patterns_than_are_kept_still_match() {
        let [ours, of_boa] = both(
            "var all = [];
             for (var i = 0; i < 100; i++) {
                 var p = new RegExp('a{' + (i % 40) + '}', 'y');
                 all.push(p.exec('a'.repeat(i)) && p.lastIndex);
             }
             JSON.stringify(all)",
        );
        assert_eq!(ours, of_boa);
    }
}
