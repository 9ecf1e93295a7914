/// The algorithm by which frames of the compressed protocol are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Algorithm {
    /// zlib, the capability COMPRESS.
    Zlib,
    /// zstd at this level, from 1 to 22 (0 stands for 3, a greater number for 22); the capability
    /// ZSTD_COMPRESSION_ALGORITHM. The level matters for compressing only.
    Zstd(u8),
}

impl Algorithm {
    /// Whether this build can compress and decompress by the algorithm: the features are `compress-zlib` and
    /// `compress-zstd`.
    #[must_use]
    pub const fn is_built(self) -> bool {
        match self {
            Self::Zlib => cfg!(feature = "compress-zlib"),
            Self::Zstd(_) => cfg!(feature = "compress-zstd"),
        }
    }
}
