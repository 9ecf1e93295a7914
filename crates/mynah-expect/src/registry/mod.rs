//! Tests: each has its own expectations, journal and scenarios.

mod carriers;
mod test;
mod tests;

pub use carriers::{Carrier, Carriers, TEST_ID_KEY};
pub use test::{Begun, NotPrepared, Reset, Status, Test, TestOptions, Verdict};
pub use tests::{Routed, TestError, Tests};
