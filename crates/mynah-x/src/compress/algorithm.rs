/// How messages are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// zlib, one stream.
    Deflate,
    /// LZ4, a frame of its own for each message.
    Lz4,
    /// Zstandard, one stream.
    Zstd,
}

impl Algorithm {
    /// All, in the order in which MySQL's server names them.
    pub const ALL: [Self; 3] = [Self::Deflate, Self::Lz4, Self::Zstd];

    /// The name that capabilities have for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deflate => "deflate_stream",
            Self::Lz4 => "lz4_message",
            Self::Zstd => "zstd_stream",
        }
    }

    /// The one of this name, be it written in capitals or not.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name().as_bytes().eq_ignore_ascii_case(name))
    }

    /// The levels there are, and the one that MySQL's server takes if the client names none.
    #[must_use]
    pub const fn levels(self) -> (std::ops::RangeInclusive<i32>, i32) {
        match self {
            Self::Deflate => (1..=9, 3),
            Self::Lz4 => (0..=16, 2),
            Self::Zstd => (1..=22, 3),
        }
    }
}
