//! Hides cells of rows.

use mynah_recording::{Cell, HIDDEN};

use crate::trace::{HiddenCells, MayHide, RowCells, Rules, hidden_cells};

/// Hides what must not be recorded of a row: a text becomes [`HIDDEN`], any other value NULL.
pub(super) fn hide(
    row: &mut [Cell],
    hidden: &HiddenCells,
    rules: Rules<'_>,
    is_text: impl Fn(usize) -> bool,
) {
    let hides = |index: usize| hidden.columns.get(index).copied().unwrap_or_default();
    let about = RowCells {
        all: hidden.all,
        rules,
    };
    if !hidden_cells(row, hides, about) {
        return;
    }
    for (index, cell) in row.iter_mut().enumerate() {
        if !is_text(index) && matches!(cell, Cell::Text(text) if text == HIDDEN) {
            *cell = Cell::Null;
        }
    }
}

impl MayHide for Cell {
    fn is_something(&self) -> bool {
        *self != Self::Null
    }

    fn text(&self) -> Option<&[u8]> {
        self.bytes()
    }

    fn is_secret(&self, rules: Rules<'_>) -> bool {
        self.bytes().is_some_and(|bytes| rules.hide_value(bytes))
    }

    fn hide(&mut self) {
        *self = Self::Text(HIDDEN.to_owned());
    }
}
