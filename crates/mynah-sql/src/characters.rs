/// How a character set encodes characters, as far as it matters for finding tokens: in some, the second byte
/// of a character can be a byte that has a meaning of its own, such as `\`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Characters {
    /// UTF-8, latin1, EUC and most others: a byte in the ASCII range is always an ASCII character.
    #[default]
    Ascii,
    /// The character sets `sjis` and `cp932`.
    Sjis,
    /// The character set `big5`.
    Big5,
    /// The character set `gbk`.
    Gbk,
    /// The character set `gb18030`.
    Gb18030,
}

impl Characters {
    /// All kinds of character encodings.
    pub const ALL: &'static [Self] = &[
        Self::Ascii,
        Self::Sjis,
        Self::Big5,
        Self::Gbk,
        Self::Gb18030,
    ];

    /// The kind that a character set belongs to, by the set's name in upper or lower case; [`Ascii`](Self::Ascii) for
    /// each name that no other variant mentions.
    #[must_use]
    pub fn of(character_set: &str) -> Self {
        match character_set.to_ascii_lowercase().as_str() {
            "sjis" | "cp932" => Self::Sjis,
            "big5" => Self::Big5,
            "gbk" => Self::Gbk,
            "gb18030" => Self::Gb18030,
            _ => Self::Ascii,
        }
    }

    /// How many bytes the first character has; 1 where no longer one is whole.
    pub(crate) fn len(self, text: &[u8]) -> usize {
        let (&first, &second) = match (self, text) {
            (Self::Ascii, _) => return 1,
            (_, [first, second, ..]) => (first, second),
            _ => return 1,
        };
        let is_head = match self {
            Self::Ascii => false,
            Self::Sjis => matches!(first, 0x81..=0x9f | 0xe0..=0xfc),
            Self::Big5 => matches!(first, 0xa1..=0xf9),
            Self::Gbk | Self::Gb18030 => matches!(first, 0x81..=0xfe),
        };
        let is_tail = match self {
            Self::Ascii => false,
            Self::Sjis => matches!(second, 0x40..=0x7e | 0x80..=0xfc),
            Self::Big5 => matches!(second, 0x40..=0x7e | 0xa1..=0xfe),
            Self::Gbk | Self::Gb18030 => matches!(second, 0x40..=0x7e | 0x80..=0xfe),
        };
        match (self, text) {
            _ if is_head && is_tail => 2,
            (Self::Gb18030, [_, b'0'..=b'9', 0x81..=0xfe, b'0'..=b'9', ..]) if is_head => 4,
            _ => 1,
        }
    }
}
