use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};
use serde_json::Value as Json;

use crate::{Latency, Problem, read};

/// A change of an answer on purpose: a delay, missing or malformed bytes, slow sending, an early end. Several
/// parts may be combined; they are applied in the order of the fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The probability that the fault is played, from 0 to 1.
    pub toxicity: f64,
    /// How long the answer is delayed; `None` for no delay.
    pub latency: Option<Latency>,
    /// How much of the answer is sent before the connection ends; `None` for all of it, or for nothing if `ending`
    /// takes the answer's place.
    pub limit_data: Option<Limit>,
    /// Which packet of the answer is malformed, and how; `None` for none.
    pub malformed: Option<Malformed>,
    /// How the bytes are cut into pieces that are sent separately; `None` if they aren't cut.
    pub slicer: Option<Slicer>,
    /// How many bytes per second are sent at most; `None` for no limit.
    pub bandwidth: Option<NonZeroU64>,
    /// How the connection ends; `None` if it doesn't end, unless by `limit_data`.
    pub ending: Option<Ending>,
}

/// How much of an answer is sent before the connection ends. An answer that doesn't reach the limit is sent whole,
/// and the connection then ends only if the fault has an [`Ending`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// This many bytes of the answer, headers included.
    Bytes(u64),
    /// This many packets of the answer, or messages of the X Protocol.
    Packets(u64),
    /// Everything up to the end of the row with this number, from 1. Rows in compressed messages of the X Protocol
    /// aren't counted.
    Rows(NonZeroU64),
}

/// Which packet of an answer is malformed, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// How the packet is malformed.
    pub kind: Malformation,
    /// The number of the packet, or of the message of the X Protocol, in the answer, from 1. If the answer has fewer,
    /// none is malformed.
    pub packet: NonZeroU64,
}

/// The ways in which a packet can be malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Malformation {
    /// The second half of the payload is missing; the header has the length of the first half.
    CutShort,
    /// The sequence id is too high by one. In the X Protocol, which has none, an empty Resultset.FetchDone is
    /// sent before the message.
    WrongSequenceId,
    /// The length in the header is too high by one: the client takes the first byte of the next packet as the last
    /// of this one or, if no packet follows, waits for it. If the payload has the greatest possible length, the
    /// length in the header is too low by one.
    WrongLength,
    /// The payload is the bytes `de ad be ef`, repeated over its length, at least once. A message of the X Protocol
    /// keeps its type.
    Junk,
}

/// How an answer's bytes are cut into pieces that are sent separately. Pieces may end within packets and headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slicer {
    /// The average number of bytes in a piece.
    pub average_size: NonZeroU64,
    /// By how many bytes a piece may be longer or shorter, but for the last one; less than the average.
    pub size_variation: u64,
    /// The delay before each piece after the first.
    pub delay: Duration,
}

/// How a connection ends: after the answer or, with [`Timeout`](Self::Timeout) and [`ResetPeer`](Self::ResetPeer),
/// in its place; with [`Fault::limit_data`], after the part of the answer that it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The connection is closed this long after the answer.
    SlowClose(Duration),
    /// Nothing more is sent, in place of the answer or after the part that a limit allows. The connection is closed
    /// after this time or, if `None`, when the client closes it.
    Timeout(Option<Duration>),
    /// The connection is reset (TCP RST) after this time, in place of the answer or after the part that a limit
    /// allows.
    ResetPeer(Duration),
    /// After the answer, nothing more is read from the client, or sent to it. The fault leaves the connection open
    /// until something else closes it, such as the client, a shutdown or, in the proxy, the server or the idle timeout.
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
    /// All kinds of malformed packets.
    pub const ALL: [Self; 4] = [
        Self::CutShort,
        Self::WrongSequenceId,
        Self::WrongLength,
        Self::Junk,
    ];

    /// The kind's name in the JSON of faults.
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
    /// Reads a fault from JSON, with the keys that a script's `fault` has.
    ///
    /// # Errors
    /// All mistakes in the JSON.
    pub fn from_json(json: &Json) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let fault = read::fault(json, &mut problems);
        match problems.is_empty() {
            true => Ok(fault),
            false => Err(problems),
        }
    }
}

// No part of a fault is read as NaN.
impl Eq for Fault {}

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
