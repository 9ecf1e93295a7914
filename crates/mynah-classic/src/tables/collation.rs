/// A collation and its character set. Column definitions contain its id, greetings and handshake
/// responses the id's lower 8 bits.
///
/// Documentation page: Protocol::CharacterSet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collation {
    /// The number by which the protocol names the collation, such as 255.
    pub id: u16,
    /// The collation's name, such as `utf8mb4_0900_ai_ci`.
    pub name: &'static str,
    /// The name of the collation's character set, such as `utf8mb4`.
    pub character_set: &'static str,
    /// The most bytes that one character takes in the collation's character set.
    pub max_len: u8,
    /// Whether this is the default collation of its character set.
    pub is_default: bool,
}

impl Collation {
    /// Whether the collation's character set can be `character_set_client`. It can't if ASCII characters take
    /// several bytes in it.
    #[must_use]
    pub fn is_for_clients(&self) -> bool {
        !matches!(self.character_set, "ucs2" | "utf16" | "utf16le" | "utf32")
    }
}

pub(super) const fn collation(
    id: u16,
    name: &'static str,
    character_set: &'static str,
    max_len: u8,
    is_default: bool,
) -> Collation {
    Collation {
        id,
        name,
        character_set,
        max_len,
        is_default,
    }
}
