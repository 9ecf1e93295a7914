//! Faults on purpose: by rules, between a client and its server.

mod due;
mod error;
mod parse;
mod play;
mod point;
mod rule;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use due::DueFault;
pub use due::PlayedFault;
pub use error::FaultRuleError;
pub(crate) use play::{Scene, play};
pub use point::FaultPoint;
pub use rule::FaultRule;
pub(crate) use rules::UpcomingCommand;
pub use rules::{FaultRules, InstalledFault};
