use std::io::Write;

use env_logger::{Builder, Env};

/// Starts logging to standard error: connections too if `verbose`, else what `RUST_LOG` says, else
/// warnings and errors. Control characters are escaped, so that a record is one line.
pub(crate) fn start(verbose: bool) {
    let mut builder = if verbose {
        let mut builder = Builder::new();
        builder.filter_level(log::LevelFilter::Debug);
        builder
    } else {
        Builder::from_env(Env::default().default_filter_or("warn"))
    };
    builder
        .format(|to, record| {
            let (time, level) = (jiff::Timestamp::now(), record.level());
            let style = to.default_level_style(level);
            let text = record.args().to_string();
            let line: String = text
                .chars()
                .map(|char| match char {
                    char if char.is_control() => char.escape_debug().to_string(),
                    char => char.to_string(),
                })
                .collect();
            writeln!(to, "{time:.3} {style}{level:<5}{style:#} {line}")
        })
        .init();
}
