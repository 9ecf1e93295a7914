use mynah_session::sql::is_password_name;

use super::Rules;
use crate::trace::shown::Shown;

/// What is known of the row that cells stand in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowCells<'a> {
    /// Every text is hidden: the server speaks of statements about passwords.
    pub(crate) all: bool,
    pub(crate) rules: Rules<'a>,
}

/// Hides cells by their columns, by what is in them, and the value beside the name of a password, as
/// SHOW VARIABLES has it; says whether there was one.
pub(crate) fn hidden_cells(
    cells: &mut [impl MayHide],
    mut hides: impl FnMut(usize) -> bool,
    row: RowCells<'_>,
) -> bool {
    if !row.rules.hides {
        return false;
    }
    // A row of two cells may be one of SHOW VARIABLES: a name and its value.
    let names_password = match &*cells {
        [name, _] => name.text().is_some_and(is_password_name),
        _ => false,
    };
    let mut some = false;
    for (index, cell) in cells.iter_mut().enumerate() {
        let hidden = cell.is_something()
            && (hides(index)
                || (names_password && index > 0)
                || (row.all && cell.text().is_some())
                || cell.is_secret(row.rules));
        if hidden {
            cell.hide();
            some = true;
        }
    }
    some
}

/// A cell that may have to be hidden.
pub(crate) trait MayHide {
    /// Whether there is something to hide.
    fn is_something(&self) -> bool;

    /// Its bytes, if it is a text or may be one.
    fn text(&self) -> Option<&[u8]>;

    /// Whether its content must not be shown.
    fn is_secret(&self, rules: Rules<'_>) -> bool;

    /// Hides it.
    fn hide(&mut self);
}

impl MayHide for Shown {
    fn is_something(&self) -> bool {
        !matches!(self, Self::Null | Self::Hidden)
    }

    fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn is_secret(&self, rules: Rules<'_>) -> bool {
        rules.hide_shown(self)
    }

    fn hide(&mut self) {
        *self = Self::Hidden;
    }
}
