//! Packets as text: comments about their origin, then one line per packet.

use std::{
    env, fmt, fs, io,
    num::ParseIntError,
    path::{Path, PathBuf},
};

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::hex::{self, HexError};

/// The traffic of one connection, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixture {
    /// The text of each comment, without its `#`. Most are `name: value`, see [`comment`](Self::comment).
    pub comments: Vec<String>,
    /// One line per packet of the classic protocol, or per compressed frame once the connection has switched to
    /// compression; in the X Protocol always one line per message.
    pub lines: Vec<Line>,
}

/// A packet, a message of the X Protocol, or a frame of the compressed protocol, as it crossed the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The side that sent the packet or frame.
    pub direction: Direction,
    /// The sequence id in the header; for a frame, the compressed sequence id; for the X Protocol, the type of the
    /// message.
    pub sequence_id: u8,
    /// For a frame of the compressed protocol, the length before compression in its header: 0 if the payload isn't
    /// compressed. `None` for a plain packet, and for a message of the X Protocol.
    pub uncompressed_len: Option<u32>,
    /// The bytes after the header; for a frame, as compressed.
    pub payload: Bytes,
}

/// The sender of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The client; `C` in the text.
    Client,
    /// The server; `S` in the text.
    Server,
}

/// Why a fixture can't be read, with file and line.
#[derive(Debug, thiserror::Error)]
#[error("{}{}", .file.display(), AtLine(*.line))]
pub struct FixtureError {
    /// The file, or the folder that was searched.
    pub file: PathBuf,
    /// The line, from 1; 0 if the error isn't about a line.
    pub line: usize,
    /// What is wrong with the file or the line.
    #[source]
    pub kind: FixtureErrorKind,
}

/// What is wrong with a line of a fixture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FixtureErrorKind {
    /// The file or the folder can't be read.
    #[error("cannot be read")]
    Io(#[from] io::Error),
    /// A comment stands after the first packet.
    #[error("comments come before packets")]
    LateComment,
    /// A line starts with neither `C`, `S`, `CZ` nor `SZ`.
    #[error("{found:?} is not a direction: C, S, CZ or SZ")]
    NotADirection {
        /// The first word of the line.
        found: String,
    },
    /// A field of the line is missing.
    #[error("no {field}")]
    Missing {
        /// The name of the missing field.
        field: &'static str,
    },
    /// More words follow the payload of a line.
    #[error("{found:?} after the payload")]
    Trailing {
        /// The first word after the payload.
        found: String,
    },
    /// A sequence id or a length isn't a number, or is too large.
    #[error("the {field} is not a number")]
    NotANumber {
        /// The name of the field.
        field: &'static str,
        /// Why the field isn't a number.
        source: ParseIntError,
    },
    /// The payload isn't hex.
    #[error("the payload is not hex")]
    NotHex(#[from] HexError),
}

/// The folder `fixtures` of the workspace, with the folders of `kind` (`classic`, `x`) in it.
///
/// The path is relative to the running crate's: the checkout may be another one than at build time.
#[must_use]
pub fn fixtures_folder(kind: &str) -> PathBuf {
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR");
    let mut folder = manifest_dir.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    folder.extend(["..", "..", "fixtures", kind]);
    folder
}

/// Reads every fixture of a kind, `fixtures/<kind>/*/*.hex`, ordered by path.
///
/// # Errors
/// [`FixtureError`] for the first folder or file that can't be read, or isn't a fixture.
pub fn fixtures(kind: &str) -> Result<Vec<(PathBuf, Fixture)>, FixtureError> {
    let mut found = Vec::new();
    for folder in entries(&fixtures_folder(kind))? {
        // Files beside the folders of the servers say where the recordings come from.
        if !folder.is_dir() {
            continue;
        }
        for file in entries(&folder)? {
            if file.extension().is_some_and(|extension| extension == "hex") {
                let fixture = Fixture::read(&file)?;
                found.push((file, fixture));
            }
        }
    }
    Ok(found)
}

impl Fixture {
    /// Reads a fixture from a file.
    ///
    /// # Errors
    /// [`FixtureError`] if the file can't be read, or isn't a fixture.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, FixtureError> {
        let file = file.as_ref();
        let text = fs::read_to_string(file).map_err(|error| at(file, 0, error))?;
        Self::parse(file, &text)
    }

    /// Parses the text of a fixture; `file` is used for errors only.
    ///
    /// # Errors
    /// [`FixtureError`] for the first line that is neither a comment nor a packet, or is a comment behind a packet.
    pub fn parse(file: impl AsRef<Path>, text: &str) -> Result<Self, FixtureError> {
        let mut fixture = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            fixture
                .push(line)
                .map_err(|kind| at(file.as_ref(), number, kind))?;
        }
        Ok(fixture)
    }

    /// The value of the first comment `name: value`; `None` if there is none of this name.
    #[must_use]
    pub fn comment(&self, name: &str) -> Option<&str> {
        let value = |comment: &'_ String| -> Option<usize> {
            let rest = comment.strip_prefix(name)?.strip_prefix(':')?;
            Some(comment.len() - rest.trim_start().len())
        };
        self.comments
            .iter()
            .find_map(|comment| comment.get(value(comment)?..))
    }

    /// The plain packets: all lines, or in the classic protocol those before the connection switched to compression.
    pub fn packets(&self) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(|line| line.uncompressed_len.is_none())
    }

    /// The frames of the compressed protocol; none unless the connection switched to it.
    pub fn frames(&self) -> impl Iterator<Item = &Line> {
        self.lines
            .iter()
            .filter(|line| line.uncompressed_len.is_some())
    }

    /// The bytes of one sender, as one stream of the classic protocol.
    #[must_use]
    pub fn stream(&self, direction: Direction) -> Bytes {
        let mut stream = BytesMut::new();
        for line in self.lines.iter().filter(|line| line.direction == direction) {
            line.put_wire(&mut stream);
        }
        stream.freeze()
    }

    fn push(&mut self, line: &str) -> Result<(), FixtureErrorKind> {
        let Some(comment) = line.strip_prefix('#') else {
            self.lines.push(Line::parse(line)?);
            return Ok(());
        };
        if !self.lines.is_empty() {
            return Err(FixtureErrorKind::LateComment);
        }
        self.comments.push(comment.trim().to_owned());
        Ok(())
    }
}

/// Writes the text that [`parse`](Fixture::parse) reads.
impl fmt::Display for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for comment in &self.comments {
            writeln!(f, "# {comment}")?;
        }
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl Line {
    /// The bytes of a line of the classic protocol as they crossed the wire, header and payload. For the X Protocol
    /// there is [`x_wire`](Self::x_wire).
    #[must_use]
    pub fn wire(&self) -> Bytes {
        let mut wire = BytesMut::new();
        self.put_wire(&mut wire);
        wire.freeze()
    }

    /// The bytes of a line of the X Protocol as they crossed the wire.
    #[must_use]
    pub fn x_wire(&self) -> Bytes {
        let mut wire = BytesMut::new();
        wire.put_uint_le(self.payload.len() as u64 + 1, 4);
        wire.put_u8(self.sequence_id);
        wire.extend_from_slice(&self.payload);
        wire.freeze()
    }

    fn put_wire(&self, wire: &mut BytesMut) {
        wire.put_uint_le(self.payload.len() as u64, 3);
        wire.put_u8(self.sequence_id);
        if let Some(uncompressed_len) = self.uncompressed_len {
            wire.put_uint_le(uncompressed_len.into(), 3);
        }
        wire.extend_from_slice(&self.payload);
    }

    fn parse(line: &str) -> Result<Self, FixtureErrorKind> {
        let mut words = line.split_ascii_whitespace();
        let mut word = |field| words.next().ok_or(FixtureErrorKind::Missing { field });
        let number = |field| move |source| FixtureErrorKind::NotANumber { field, source };

        let (direction, is_frame) = match word("direction")? {
            "C" => (Direction::Client, false),
            "S" => (Direction::Server, false),
            "CZ" => (Direction::Client, true),
            "SZ" => (Direction::Server, true),
            found => {
                return Err(FixtureErrorKind::NotADirection {
                    found: found.to_owned(),
                });
            }
        };
        let sequence_id =
            u8::from_str_radix(word("sequence id")?, 16).map_err(number("sequence id"))?;
        let uncompressed_len = if is_frame {
            Some(
                word("uncompressed length")?
                    .parse()
                    .map_err(number("uncompressed length"))?,
            )
        } else {
            None
        };
        let payload = hex::decode(word("payload")?)?;
        if let Some(found) = words.next() {
            return Err(FixtureErrorKind::Trailing {
                found: found.to_owned(),
            });
        }
        Ok(Self {
            direction,
            sequence_id,
            uncompressed_len,
            payload,
        })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.direction {
            Direction::Client => "C",
            Direction::Server => "S",
        })?;
        match self.uncompressed_len {
            None => write!(f, " {:02x} ", self.sequence_id)?,
            Some(len) => write!(f, "Z {:02x} {len} ", self.sequence_id)?,
        }
        f.write_str(&hex::encode(&self.payload))
    }
}

/// `:7`, or nothing if the error isn't about a line.
struct AtLine(usize);

impl fmt::Display for AtLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            line => write!(f, ":{line}"),
        }
    }
}

fn at(file: &Path, line: usize, kind: impl Into<FixtureErrorKind>) -> FixtureError {
    FixtureError {
        file: file.to_owned(),
        line,
        kind: kind.into(),
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, FixtureError> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| at(folder, 0, error))?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;
