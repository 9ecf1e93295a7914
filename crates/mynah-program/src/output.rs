use std::io::Write;

/// Prints a line to standard output. That it is closed is no error.
pub fn print(line: &str) {
    let _closed = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line to standard error. That it is closed is no error.
pub fn print_error(line: &str) {
    let _closed = writeln!(std::io::stderr(), "{line}");
}
