//! What the fuzz target does with bytes, so that an ordinary test can replay its corpus.
//!
//! It panics when what it says doesn't hold, as a test does.

mod trace;

pub use trace::trace;
