/// The algorithm by which messages are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Algorithm {
    /// zlib: all messages of a direction are one stream.
    Deflate,
    /// LZ4, with a separate frame for each message.
    Lz4,
    /// Zstandard. This crate writes a frame for each message; it reads such frames, and one stream over all messages.
    Zstd,
}

impl Algorithm {
    /// All algorithms, in the order in which MySQL's server lists them.
    pub const ALL: [Self; 3] = [Self::Deflate, Self::Lz4, Self::Zstd];

    /// The algorithm's name in the X Protocol's capabilities, such as `zstd_stream`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deflate => "deflate_stream",
            Self::Lz4 => "lz4_message",
            Self::Zstd => "zstd_stream",
        }
    }

    /// The algorithm of this name, in any case; `None` for an unknown name.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name().as_bytes().eq_ignore_ascii_case(name))
    }

    /// Whether this build can compress and decompress by the algorithm: `compress` is the feature for Deflate and LZ4,
    /// `compress-zstd` for zstd.
    #[must_use]
    pub const fn is_built(self) -> bool {
        match self {
            Self::Deflate | Self::Lz4 => cfg!(feature = "compress"),
            Self::Zstd => cfg!(feature = "compress-zstd"),
        }
    }

    /// The levels that MySQL's server accepts for this algorithm, and the server's default level.
    #[must_use]
    pub const fn levels(self) -> (std::ops::RangeInclusive<i32>, i32) {
        match self {
            Self::Deflate => (1..=9, 3),
            Self::Lz4 => (0..=16, 2),
            Self::Zstd => (1..=22, 3),
        }
    }
}
