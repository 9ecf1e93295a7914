//! Variables in the text, whatever the statement: `@name`, `@@name`, `:=` and INTO.

mod follow;

use std::ops::Range;

use crate::effects::{Assignment, Effect, Scope, Value};
use crate::lexeme::Lexeme;
use crate::{TokenKind, literal};

/// Where the text is with variables.
#[derive(Debug, Default)]
pub(in crate::effects) struct Variables {
    open: Open,
    /// The user variable that ended directly before the last token or the one before that.
    user: Option<(Vec<u8>, Range<usize>)>,
    into: Into,
}

/// The variable that the text is in.
#[derive(Debug, Default)]
enum Open {
    #[default]
    None,
    /// Behind `@`; the range of the name so far.
    User { name: Range<usize>, is_into: bool },
    /// Behind `@@`.
    System(System),
}

/// The name of a system variable, of at most two parts that matter.
#[derive(Clone, Debug, Default)]
pub(in crate::effects) struct System {
    /// The part before the last.
    pub(in crate::effects) qualifier: Option<Vec<u8>>,
    /// The last part.
    pub(in crate::effects) name: Vec<u8>,
    has_point: bool,
}

/// A variable that has ended.
#[derive(Debug)]
pub(in crate::effects) enum Ended {
    User(Vec<u8>),
    System(System),
}

/// Where the text is with the variables of an INTO.
#[derive(Debug, Default, PartialEq, Eq)]
enum Into {
    #[default]
    No,
    /// A variable may come.
    Awaits,
    /// A comma and a further one may come.
    After,
}

/// What the value of a system variable says about the statement before.
fn asked(name: &[u8]) -> Option<Effect> {
    Some(match name {
        b"identity" | b"last_insert_id" => Effect::AskLastInsertId,
        b"warning_count" | b"error_count" => Effect::AskDiagnostics,
        b"pseudo_thread_id" => Effect::AskConnectionId,
        b"last_gtid" => Effect::AskGtid,
        _ => return None,
    })
}
