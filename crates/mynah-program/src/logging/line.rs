use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

use env_logger::fmt::style::Style;
use jiff::Timestamp;
use log::Record;

/// Writes a record as one line: the present time, level, target, message. Control characters in the message are
/// escaped.
///
/// # Errors
/// Errors of the writer.
pub fn write(to: &mut impl Write, record: &Record<'_>, style: Style) -> io::Result<()> {
    let (time, level, target) = (Timestamp::now(), record.level(), record.target());
    let message = OneLine(record.args());
    writeln!(
        to,
        "{time:.3} {style}{level:<5}{style:#} [{target}] {message}"
    )
}

/// A text with escaped control characters, so that it is one line and harmless to a terminal.
struct OneLine<T>(T);

impl<T: Display> Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escape(f), "{}", self.0)
    }
}

struct Escape<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Escape<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for char in text.chars() {
            if char.is_control() {
                write!(self.0, "{}", char.escape_debug())?;
            } else {
                self.0.write_char(char)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use log::Level;

    use super::*;

    #[test]
    fn a_record_is_one_line_whatever_is_in_it() {
        let mut line = Vec::new();
        let mut record = Record::builder();
        record.level(Level::Warn).target("mynah_net::drive");
        let style = Style::new();
        write(
            &mut line,
            &record.args(format_args!("a\n\tb\u{1b}[31m 'é'\\")).build(),
            style,
        )
        .unwrap();
        let line = String::from_utf8(line).unwrap();
        let (time, rest) = line.split_once(' ').unwrap();
        assert!(
            time.parse::<Timestamp>().is_ok() && time.len() == 24,
            "{time}"
        );
        assert_eq!(rest, "WARN  [mynah_net::drive] a\\n\\tb\\u{1b}[31m 'é'\\\n");
    }
}
