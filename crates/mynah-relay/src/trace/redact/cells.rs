use bytes::Bytes;
use mynah_session::sql::is_password_name;

use super::Rules;
use crate::trace::shown::Shown;

/// What is known of the row that cells stand in.
#[derive(Clone, Copy, Debug)]
pub(in crate::trace) struct RowCells<'a> {
    /// Every text is hidden: the server speaks of statements about passwords.
    pub(in crate::trace) all: bool,
    pub(in crate::trace) rules: Rules<'a>,
}

/// Hides cells by their columns, by what is in them, and the value beside the name of a password, as
/// SHOW VARIABLES has it; says whether there was one.
pub(in crate::trace) fn hidden_cells(
    cells: &mut [Shown],
    mut hides: impl FnMut(usize) -> bool,
    row: RowCells<'_>,
) -> bool {
    if !row.rules.hides {
        return false;
    }
    // A row of two cells may be one of SHOW VARIABLES: a name and its value.
    let names_password = match &*cells {
        [name, _] => text(name).is_some_and(|name| is_password_name(name)),
        _ => false,
    };
    let mut some = false;
    for (index, cell) in cells.iter_mut().enumerate() {
        let hidden = match cell {
            Shown::Null | Shown::Hidden => false,
            _ if hides(index) || (names_password && index > 0) => true,
            Shown::Bytes(_) if row.all => true,
            _ => row.rules.hide_shown(cell),
        };
        if hidden {
            *cell = Shown::Hidden;
            some = true;
        }
    }
    some
}

fn text(cell: &Shown) -> Option<&Bytes> {
    match cell {
        Shown::Bytes(bytes) => Some(bytes),
        _ => None,
    }
}
