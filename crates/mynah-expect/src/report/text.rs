use std::fmt;

use super::{Line, Report, Unexpected};
use crate::near::beginning;
use crate::value::quoted;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (met, unmet) = (
            self.met.iter().filter(|line| !line.is_stub).count(),
            self.unmet.len(),
        );
        if let Some(test) = &self.test {
            write!(f, "test {test}: ")?;
        }
        writeln!(
            f,
            "{met} met, {unmet} unmet, {} unexpected",
            self.unexpected_count
        )?;
        for line in &self.unmet {
            writeln!(f, "unmet: {line}")?;
        }
        for (index, unexpected) in self.unexpected.iter().enumerate() {
            let is_like = |other: &&Unexpected| unexpected.explanation.is_like(&other.explanation);
            let mut before = self.unexpected.iter().take(index);
            if before.any(|other| is_like(&other)) {
                continue;
            }
            write!(f, "unexpected: {}", unexpected.explanation)?;
            let behind = self.unexpected.iter().skip(index + 1);
            match behind.filter(is_like).count() {
                0 => writeln!(f)?,
                more => writeln!(f, "; {more} more like it")?,
            }
        }
        let kept = u64::try_from(self.unexpected.len()).unwrap_or(u64::MAX);
        match self.unexpected_count.saturating_sub(kept) {
            0 => {}
            more => writeln!(f, "unexpected: {more} more")?,
        }
        match self.overflowed {
            0 => {}
            gone => writeln!(f, "the journal was full: it lost {gone} statements")?,
        }
        for never in &self.never_played {
            writeln!(f, "never played: {}: {}", never.place, never.expected)?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    /// `"adds a row", expectations[0], shop.js line 3: called 0 times, has to be 1 time: stmt "insert …"`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "\"{name}\", ")?;
        }
        let word = if self.calls == 1 { "time" } else { "times" };
        write!(
            f,
            "{}: called {} {word}, has to be {}: {}",
            self.place, self.calls, self.times, self.expected
        )?;
        match &self.came {
            Some(came) => write!(
                f,
                "; {} came, use \"digest\" where case doesn't matter",
                quoted(&beginning(came, 100))
            ),
            None => Ok(()),
        }
    }
}
