#![doc = include_str!("../README.md")]

mod call;
mod choose;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub mod fuzz;
mod journal;
mod model;
mod named_error;
mod near;
mod redact;
mod registry;
mod report;
mod template;
mod text;
mod value;

pub use call::{Call, Connection};
pub use choose::{ExpectationId, Preparation, Scenarios};
pub use journal::{AnsweredBy, EntryNumber, Event, EventKind, Events, JournalEntry, Outcome};
pub use model::{
    ANSWER_KEYS, Command, Expectation, Expectations, Order, Origin, Place, Prefix, Problem,
    ProblemKind, Protocol, Scenario, TextMatch, Times, WrongExpectations, did_you_mean,
};
pub use mynah_sql::{Comments, Reading};
pub use named_error::{NamedError, NoSuchError};
pub use near::{Closest, Explanation, beginning};
pub use registry::{
    Begun, NeverMet, NotPrepared, Reset, Routed, StatementCounts, Status, TEST_ID_KEY, Test,
    TestError, TestIdSource, TestIdSources, TestOptions, Tests, TooManyExpectations, Verdict,
};
pub use report::{JunitCase, JunitSuite, Line, Report, Unexpected, junit};
pub use template::{TemplateError, TemplateValues, fill_in, has_templates};
pub use text::{DIGEST_VERSION, Statement, digest_text, statement_text};
pub use value::{Matcher, NotFinite, Number, Pattern, Value, ValueKind};
