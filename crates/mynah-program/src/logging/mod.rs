//! Log records, as lines on standard error unless the program sets another destination.

mod line;

use env_logger::{Builder, Env};

pub use line::write;

/// A logger to standard error. If `verbose`, it logs records up to level debug; else those that `RUST_LOG` says, or
/// warnings and errors if that isn't set.
#[must_use]
pub fn builder(verbose: bool) -> Builder {
    let mut builder = if verbose {
        let mut builder = Builder::new();
        builder.filter_level(log::LevelFilter::Debug);
        builder
    } else {
        Builder::from_env(Env::default().default_filter_or("warn"))
    };
    builder.format(|to, record| write(to, record, to.default_level_style(record.level())));
    builder
}
