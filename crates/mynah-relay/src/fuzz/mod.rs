//! What the fuzz targets do with bytes, so that an ordinary test can replay their corpora.
//!
//! These functions panic when what they say doesn't hold, as a test does.

mod fault_rule;
mod filter;
mod form;
mod gate;
mod login;
mod pump;
mod trace;

pub use fault_rule::fault_rule;
pub use filter::filter;
pub use gate::gate;
pub use login::{login, login_x};
pub use pump::pump;
pub use trace::{trace, trace_x};
