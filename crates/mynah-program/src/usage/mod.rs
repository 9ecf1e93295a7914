mod allowed;
mod error;
mod parse;

pub use allowed::Allowed;
pub use error::UsageError;
pub use parse::{Parsed, command, read};
