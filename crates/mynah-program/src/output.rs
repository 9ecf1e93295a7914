use std::io::Write;

/// Prints a line to standard output. If that fails, because the output is closed, nothing happens.
pub fn print(line: &str) {
    // A reader that has closed its end is no reason to stop serving.
    let _closed = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line to standard error. If that fails, because the output is closed, nothing happens.
pub fn print_error(line: &str) {
    let _closed = writeln!(std::io::stderr(), "{line}");
}
