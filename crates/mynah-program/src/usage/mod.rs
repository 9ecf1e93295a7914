mod allowed;
mod error;
mod parse;
mod version;

pub use allowed::Allowed;
pub use error::UsageError;
pub use parse::{Parsed, command, read};
pub(crate) use parse::{read_of, with_common};
