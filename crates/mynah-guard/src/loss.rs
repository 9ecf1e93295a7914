use std::fmt;
use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe};
use std::sync::Arc;

/// A thread was lost, or somebody says something of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The number it was [enlisted](crate::enlist) under.
    pub number: u32,
    /// Why it was lost; nothing if it [wasn't](Reporter::report).
    pub cause: Option<Cause>,
}

/// Why a thread was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// It was to hold more memory than it may, or than there is.
    Memory,
    /// Its stack, or that of a fiber, was used up.
    Stack,
    /// It was [asked to stop](crate::Guard::stop).
    Stopped,
}

/// Where losses are waited for, and what tells of them.
///
/// # Errors
/// When the operating system gives no pipe.
pub fn losses() -> io::Result<(Losses, Reporter)> {
    let (reader, writer) = pipe()?;
    Ok((Losses(reader), Reporter(Arc::new(writer))))
}

/// Where losses are waited for.
#[derive(Debug)]
pub struct Losses(PipeReader);

/// Tells of losses.
#[derive(Clone, Debug)]
pub struct Reporter(Arc<PipeWriter>);

impl Losses {
    /// Waits for the next loss.
    ///
    /// # Errors
    /// When nobody is left who could tell of one, or the operating system can't wait.
    pub fn wait(&mut self) -> io::Result<Loss> {
        let (mut number, mut code) = ([0; 4], [0; 4]);
        self.0.read_exact(&mut number)?;
        self.0.read_exact(&mut code)?;
        Ok(Loss {
            number: u32::from_ne_bytes(number),
            cause: Cause::from_code(u32::from_ne_bytes(code)),
        })
    }
}

impl Reporter {
    /// Says something of a thread that wasn't lost: that it has to be looked after, whatever that means.
    pub fn report(&self, number: u32) {
        self.send(number, NO_CAUSE);
    }

    /// Writes to the pipe and does nothing else, as it may be a handler of a signal that calls it. So short
    /// a message is written whole or not at all.
    pub(crate) fn send(&self, number: u32, code: u32) {
        let ([a, b, c, d], [e, f, g, h]) = (number.to_ne_bytes(), code.to_ne_bytes());
        let message = [a, b, c, d, e, f, g, h];
        while let Err(error) = (&*self.0).write(&message) {
            if error.kind() != io::ErrorKind::Interrupted {
                // Nobody waits any more.
                return;
            }
        }
    }
}

impl Cause {
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::Memory => 1,
            Self::Stack => 2,
            Self::Stopped => 3,
        }
    }

    pub(crate) fn from_code(code: u32) -> Option<Self> {
        match code {
            1 => Some(Self::Memory),
            2 => Some(Self::Stack),
            3 => Some(Self::Stopped),
            _ => None,
        }
    }
}

/// For people.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "it needs too much memory",
            Self::Stack => "its native stack is used up",
            Self::Stopped => "it can't be interrupted",
        })
    }
}

const NO_CAUSE: u32 = 0;
