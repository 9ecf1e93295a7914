//! The copy, in two bytes a character, of the text that was searched last.

use std::cell::RefCell;

use boa_engine::string::JsStrVariant;
use boa_engine::{Context, JsResult, JsString};

use super::{left, spend, units};

/// The same text in two bytes a character, if it is a long one.
pub(super) fn wide(text: &JsString, context: &Context) -> JsResult<JsString> {
    let JsStrVariant::Latin1(characters) = text.as_str().variant() else {
        return Ok(text.clone());
    };
    if characters.len() < LONG {
        return Ok(text.clone());
    }
    let known = COPY.with_borrow(|copy| {
        let copy = copy.as_ref().filter(|copy| copy.is_of(characters));
        copy.map(|copy| copy.wide.clone())
    });
    if let Some(wide) = known {
        return Ok(wide);
    }
    spend(units(characters.len()), context)?;
    left(2 * characters.len());
    let wide: Vec<u16> = characters.iter().copied().map(u16::from).collect();
    let wide = JsString::from(&wide[..]);
    COPY.set(Some(Copy {
        text: text.clone(),
        wide: wide.clone(),
    }));
    Ok(wide)
}

/// A text and its copy.
struct Copy {
    text: JsString,
    wide: JsString,
}

impl Copy {
    /// Whether it is of the very text that has these characters, at this place in memory.
    fn is_of(&self, characters: &[u8]) -> bool {
        match self.text.as_str().variant() {
            JsStrVariant::Latin1(own) => std::ptr::eq(own, characters),
            JsStrVariant::Utf16(_) => false,
        }
    }
}

thread_local! {
    /// The text that was searched last.
    static COPY: RefCell<Option<Copy>> = const { RefCell::new(None) };
}

/// Drops the copy of the text that was searched last.
pub(in crate::vm) fn forget_text() {
    COPY.take();
}

/// Texts that are copied for each search are shorter.
const LONG: usize = 256;
