#![doc = include_str!("../README.md")]

mod added;
mod align;
mod cells;
mod check;
mod comments;
mod diff;
mod file;
mod from_classic;
mod from_x;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod gather;
mod hidden;
mod in_use;
mod journal;
mod key;
mod model;
mod numbers;
mod pretty;
mod pseudonym;
mod read;
mod script;
mod side;
mod volatile;
mod write;

pub use cells::Cells;
pub use check::{
    Check, Differing, FoundAnswer, Latency, NotCompared, Recorded, Stated, check, check_servers,
};
pub use diff::{AnswerDifference, Comparison, Difference, answer_differences, compare};
pub use file::{link_target, write_text};
pub use from_classic::{ToUnicode, column, completion, failure};
pub use from_x::{x_cells, x_column};
pub use hidden::{HIDDEN, Hidden};
pub use in_use::{journal_of, not_in_use};
pub use journal::Line;
pub use model::{
    About, Answer, Cell, Column, Completion, Entry, Extended, Failure, FileAsked, Login, Outcome,
    Param, Part, PartName, Prepared, Protocol, Recording, ResultSet, Server, SessionTracker, Text,
    VERSION, Warning,
};
pub use pseudonym::{PseudonymError, PseudonymRules, Pseudonyms};
pub use read::{ReadError, added_to, is_journal, is_recording, read};
pub use script::{ConvertError, ScriptForm};
pub use side::{RowsLimit, UnknownRowsLimit};
pub use volatile::{Canon, Found, Identity, RuleError, Rules, walk_answer, walk_call};
