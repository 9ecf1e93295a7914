//! Reads a text once, for its outline and its effects.

use crate::cursor::Cursor;
use crate::effects::Effects;
use crate::{Outline, Reading};

impl Effects {
    /// The effects of a statement's text. `reading` decides how the text is parsed.
    #[must_use]
    pub fn of(sql: &[u8], reading: Reading) -> Self {
        let mut cursor = Cursor::watched(sql, reading);
        while cursor.next().is_some() {}
        cursor.effects()
    }

    /// The outline and the effects of a statement's text, found in one pass.
    #[must_use]
    pub fn with_outline(sql: &[u8], reading: Reading) -> (Outline, Self) {
        Outline::watched(sql, reading)
    }
}
