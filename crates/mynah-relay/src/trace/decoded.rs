use bytes::Bytes;

use super::fields::Field;

/// What is known of a message.
pub(super) struct Decoded {
    /// What it is called.
    pub(super) name: &'static str,
    /// Its fields; none where they say nothing more than its bytes do.
    pub(super) fields: Option<Box<dyn Field>>,
    /// What stands behind its last field, which its receiver ignores.
    pub(super) rest: Bytes,
    /// Why it can't be what is due.
    pub(super) why: Option<String>,
    /// Whether it has much to say about who logs in where, so that text has a line for each field.
    pub(super) is_login: bool,
    /// The field that a statement is in, which text tells once.
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
