//! Log records, as lines on standard error unless the program sets another destination.

mod line;

use env_logger::{Builder, Env};

pub use line::write;

/// A logger to standard error. It logs everything if `verbose`, else as `RUST_LOG` says, else
/// warnings and errors.
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
