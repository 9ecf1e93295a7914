//! Names before parentheses that can't be those of stored or loaded functions, as servers say. The test `sql_tables` in
//! `tests/programs` asks real servers, and writes the other files here.

pub(super) mod mariadb;
pub(super) mod mysql;

/// Names in capitals, each list in order.
pub(super) struct Names {
    /// Also in quotes, and with blanks before the parentheses.
    pub(super) anywhere: &'static [&'static str],
    /// Without quotes, also with blanks before the parentheses.
    pub(super) without_quotes: &'static [&'static str],
    /// Without quotes and directly before the parentheses; elsewhere with `IGNORE_SPACE` in `sql_mode` alone.
    pub(super) adjacent: &'static [&'static str],
}
