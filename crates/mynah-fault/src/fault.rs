use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};
use serde_json::Value as Json;

use crate::{Latency, Problem, read};

/// What is done to an answer. All of its parts go together, in the order of the fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// How probable it is that the fault is played, from 0 to 1.
    pub toxicity: f64,
    /// How much later the answer comes.
    pub latency: Option<Latency>,
    /// How much of the answer is sent.
    pub limit_data: Option<Limit>,
    /// Which packet is broken, and how.
    pub malformed: Option<Malformed>,
    /// How the bytes are cut into pieces.
    pub slicer: Option<Slicer>,
    /// How many bytes are sent in a second.
    pub bandwidth: Option<NonZeroU64>,
    /// How the connection ends.
    pub ending: Option<Ending>,
}

/// How much of an answer is sent before the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many bytes, headers included.
    Bytes(u64),
    /// So many packets, or messages of the X Protocol.
    Packets(u64),
    /// Everything up to the end of this row. Rows within compressed messages of the X Protocol aren't counted.
    Rows(NonZeroU64),
}

/// Which packet of an answer is broken, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// How.
    pub kind: Malformation,
    /// Which packet, counted from 1. None is broken if the answer has fewer.
    pub packet: NonZeroU64,
}

/// How a packet is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformation {
    /// The second half of the payload is missing; the header has the length of what is left.
    CutShort,
    /// The sequence id is one too high. The X Protocol has none: an empty Resultset.FetchDone comes in front, out of
    /// sequence.
    WrongSequenceId,
    /// The length in the header is one too high, so that the client takes the next packet's first byte as the last
    /// of this one, or waits for it.
    WrongLength,
    /// The payload is `deadbeef`, again and again, at least once. A message of the X Protocol keeps its type.
    Junk,
}

/// How the bytes of an answer are cut into pieces, whose boundaries are neither those of packets nor of headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slicer {
    /// How many bytes a piece has.
    pub average_size: NonZeroU64,
    /// How many more or fewer a piece may have; less than the average.
    pub size_variation: u64,
    /// How long to wait before each piece after the first.
    pub delay: Duration,
}

/// How a connection ends: after the answer, at its limit if there is one, or in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is closed so long after the answer.
    SlowClose(Duration),
    /// Nothing more is sent. It is closed after this time; if absent, when the client leaves.
    Timeout(Option<Duration>),
    /// It is reset after this time.
    ResetPeer(Duration),
    /// Nothing more is read.
    StopReading,
}

impl Ending {
    /// Whether it comes in place of the answer, unless a limit lets some of it pass.
    pub(crate) fn replaces_answer(self) -> bool {
        matches!(self, Self::Timeout(_) | Self::ResetPeer(_))
    }

    fn name(self) -> &'static str {
        match self {
            Self::SlowClose(_) => "slow_close",
            Self::Timeout(_) => "timeout",
            Self::ResetPeer(_) => "reset_peer",
            Self::StopReading => "stop_reading",
        }
    }
}

impl Default for Fault {
    /// A fault that changes nothing.
    fn default() -> Self {
        Self {
            toxicity: 1.0,
            latency: None,
            limit_data: None,
            malformed: None,
            slicer: None,
            bandwidth: None,
            ending: None,
        }
    }
}

impl Malformation {
    /// All there are.
    pub const ALL: [Self; 4] = [
        Self::CutShort,
        Self::WrongSequenceId,
        Self::WrongLength,
        Self::Junk,
    ];

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CutShort => "cut_short",
            Self::WrongSequenceId => "wrong_sequence_id",
            Self::WrongLength => "wrong_length",
            Self::Junk => "junk",
        }
    }
}

impl Fault {
    /// Reads a fault.
    ///
    /// # Errors
    /// All problems with it.
    pub fn from_json(json: &Json) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let fault = read::fault(json, &mut problems);
        match problems.is_empty() {
            true => Ok(fault),
            false => Err(problems),
        }
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::from_json(&json).map_err(|problems| {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            de::Error::custom(problems.join("; "))
        })
    }
}

impl fmt::Display for Fault {
    /// The names of what it does, for logs: `latency, reset_peer`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            self.latency.map(|_| "latency"),
            self.limit_data.map(|_| "limit_data"),
            self.malformed.map(|malformed| malformed.kind.name()),
            self.slicer.map(|_| "slicer"),
            self.bandwidth.map(|_| "bandwidth"),
            self.ending.map(Ending::name),
        ];
        let names: Vec<_> = names.into_iter().flatten().collect();
        f.write_str(&names.join(", "))
    }
}
