use bytes::Bytes;

use super::fields::Field;

/// A message, decoded as far as it is shown.
pub(crate) struct Decoded {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its fields; none where they say nothing more than its bytes do.
    pub(super) fields: Option<Box<dyn Field>>,
    /// What stands behind its last field, which its receiver ignores.
    pub(super) rest: Bytes,
    /// Why it can't be what is due.
    pub(super) why: Option<String>,
    /// Whether it is a part of a login with many fields, for which text has a line each.
    pub(super) is_login: bool,
    /// The field that has the statement, which text shows once.
    pub(super) statement: &'static str,
}

impl Decoded {
    pub(super) fn plain(name: &'static str) -> Self {
        Self {
            name,
            fields: None,
            rest: Bytes::new(),
            why: None,
            is_login: false,
            statement: "",
        }
    }

    pub(super) fn of(name: &'static str, fields: impl Field + 'static) -> Self {
        Self {
            fields: Some(Box::new(fields)),
            ..Self::plain(name)
        }
    }

    pub(super) fn undecodable(error: &impl ToString) -> Self {
        Self {
            why: Some(error.to_string()),
            ..Self::plain("undecodable")
        }
    }
}
