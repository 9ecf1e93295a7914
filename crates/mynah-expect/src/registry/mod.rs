//! Tests: each has its own expectations, journal and scenarios.

mod options;
mod status;
mod tally;
mod test;
mod test_id_source;
mod tests;
mod verdict;

pub use options::{Reset, TestOptions};
pub use status::{NeverMet, Status};
pub use tally::StatementCounts;
pub use test::Test;
pub use test_id_source::{TEST_ID_KEY, TestIdSource, TestIdSources};
pub use tests::{Routed, TestError, Tests};
pub use verdict::{Begun, NotPrepared, TooManyExpectations, Verdict};
