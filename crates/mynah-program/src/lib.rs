#![doc = include_str!("../README.md")]

mod convert;
mod exit;
mod generate;
pub mod logging;
mod output;
mod ready;
mod signals;
mod usage;
pub mod values;

pub use convert::{CONVERT, Conversion, convert_command, read_convert};
pub use exit::{failed, one_line, wrong_usage};
pub use generate::{GENERATE, generate, generate_command};
pub use output::{print, print_error};
pub use ready::{notify_ending, notify_ready};
pub use signals::{Signals, Waited};
pub use usage::{Allowed, Parsed, UsageError, command, read};
