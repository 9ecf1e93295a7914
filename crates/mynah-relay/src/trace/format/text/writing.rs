use std::fmt::Write;
use std::time::Duration;

pub(super) fn latency(out: &mut String, latency: Duration) {
    let micros = latency.as_micros();
    if micros < 1_000_000 {
        put(
            out,
            format_args!("{}.{:03} ms", micros / 1000, micros % 1000),
        );
    } else {
        put(out, format_args!("{:.3} s", latency.as_secs_f64()));
    }
}

/// `1 row`, `2 rows`.
pub(in crate::trace::format) fn counted(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

pub(super) fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _written = out.write_fmt(text);
}

/// How many characters of an error message are shown; servers cut them at 512.
pub(super) const MESSAGE: usize = 1024;
