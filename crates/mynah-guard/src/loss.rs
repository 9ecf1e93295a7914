use std::fmt;
use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe};
use std::sync::Arc;

/// A message of a [`Reporter`]: a thread was lost, or needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The number under which the thread was [enlisted](crate::enlist), or that [`Reporter::report`] was given.
    pub number: u32,
    /// Why the thread was lost; `None` for a [report](Reporter::report) of a thread that wasn't.
    pub cause: Option<Cause>,
}

/// Why a thread was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The thread needs more memory than its limit, or than there is.
    Memory,
    /// The thread's stack, or that of a fiber that it runs, is used up but for a reserve, or overflowed.
    Stack,
    /// Another thread has [stopped](crate::Guard::stop) it.
    Stopped,
}

/// Makes a pipe for losses: its end where they are received, and its end where they are reported.
///
/// # Errors
/// When the operating system provides no pipe.
pub fn losses() -> io::Result<(Losses, Reporter)> {
    let (reader, writer) = pipe()?;
    Ok((Losses(reader), Reporter(Arc::new(writer))))
}

/// The receiving end of a pipe by which threads are reported that were lost or need attention.
#[derive(Debug)]
pub struct Losses(PipeReader);

/// The sending end of a pipe by which threads are reported that were lost or need attention.
#[derive(Clone, Debug)]
pub struct Reporter(Arc<PipeWriter>);

impl Losses {
    /// Waits for the next message of a reporter: a lost thread, or one that needs attention.
    ///
    /// # Errors
    /// When no reporter is left, or reading from the pipe fails.
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
    /// Reports a thread that wasn't lost but needs attention. What that means is up to the caller.
    pub fn report(&self, number: u32) {
        self.send(number, NO_CAUSE);
    }

    /// Writes to the pipe and does nothing else, as signal handlers call it. A message of eight
    /// bytes is written completely or not at all.
    pub(crate) fn send(&self, number: u32, code: u32) {
        let ([a, b, c, d], [e, f, g, h]) = (number.to_ne_bytes(), code.to_ne_bytes());
        let message = [a, b, c, d, e, f, g, h];
        while let Err(error) = (&*self.0).write(&message) {
            if error.kind() != io::ErrorKind::Interrupted {
                // The receiver is gone.
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

/// A clause for logs: why the thread was lost.
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
