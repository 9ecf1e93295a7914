/// A character set in which even ASCII characters take several bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wide {
    /// Two bytes for each character, the higher first.
    Ucs2,
    Utf16,
    Utf16Le,
    Utf32,
}

impl Wide {
    pub(super) fn of(character_set: &str) -> Option<Self> {
        Some(match character_set {
            "ucs2" => Self::Ucs2,
            "utf16" => Self::Utf16,
            "utf16le" => Self::Utf16Le,
            "utf32" => Self::Utf32,
            _ => return None,
        })
    }

    pub(super) fn read(self, text: &[u8]) -> Option<String> {
        if let Self::Utf32 = self {
            let (units, []) = text.as_chunks::<4>() else {
                return None;
            };
            let units = units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            return units.collect();
        }
        let (units, []) = text.as_chunks::<2>() else {
            return None;
        };
        let units = units.iter().map(|unit| match self {
            Self::Utf16Le => u16::from_le_bytes(*unit),
            _ => u16::from_be_bytes(*unit),
        });
        char::decode_utf16(units).collect::<Result<_, _>>().ok()
    }

    pub(super) fn write(self, text: &str) -> Vec<u8> {
        let mut units = [0; 2];
        let mut written = Vec::with_capacity(2 * text.len());
        for c in text.chars() {
            let c = match self {
                Self::Ucs2 if c.len_utf16() > 1 => '?',
                _ => c,
            };
            match self {
                Self::Utf32 => written.extend(u32::from(c).to_be_bytes()),
                Self::Utf16Le => {
                    let units = c.encode_utf16(&mut units).iter();
                    written.extend(units.flat_map(|unit| unit.to_le_bytes()));
                }
                _ => {
                    let units = c.encode_utf16(&mut units).iter();
                    written.extend(units.flat_map(|unit| unit.to_be_bytes()));
                }
            }
        }
        written
    }
}
