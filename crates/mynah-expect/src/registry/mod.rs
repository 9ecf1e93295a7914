//! Tests: each has its own expectations, journal and scenarios.

mod carriers;
mod options;
mod status;
mod tally;
mod test;
mod tests;
mod verdict;

pub use carriers::{Carrier, Carriers, TEST_ID_KEY};
pub use options::{Reset, TestOptions};
pub use status::Status;
pub use tally::StatementCounts;
pub use test::Test;
pub use tests::{Routed, TestError, Tests};
pub use verdict::{Begun, NotPrepared, TooManyExpectations, Verdict};
