//! The content of a recording.

mod answer;
mod bytes_json;
mod cell;
mod column;
mod entry;
mod moment;
mod outcome;
mod param;
mod part_name;
mod recording;
mod text;

pub use answer::{Answer, FileAsked};
pub use cell::Cell;
pub use column::{Column, Extended};
pub use entry::{Entry, Prepared, Protocol};
pub(crate) use moment::{optional_timestamp, timestamp};
pub use outcome::{Completion, Failure, Outcome, ResultSet, SessionTracker, Warning};
pub use param::Param;
pub use part_name::PartName;
pub use recording::{About, Login, Part, Recording, Server, VERSION};
pub use text::Text;
