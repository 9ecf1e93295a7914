//! The texts and bytes of UUIDs.

/// A UUID, and how it is written.
pub(super) struct Uuid {
    pub(super) number: u128,
    pub(super) has_dashes: bool,
    pub(super) is_upper: bool,
}

/// The UUID that a text is.
pub(super) fn of_text(text: &str) -> Option<Uuid> {
    let has_dashes = match (text.len(), text.as_bytes()) {
        (36, bytes) => {
            let mut dashes = [8, 13, 18, 23].iter();
            if !dashes.all(|at| bytes.get(*at) == Some(&b'-')) {
                return None;
            }
            true
        }
        (32, _) => false,
        _ => return None,
    };
    let digits = text.replace('-', "");
    if digits.len() != 32 || !is_hex(&digits) {
        return None;
    }
    let number = u128::from_str_radix(&digits, 16).ok()?;
    // 32 digits may be something else.
    let is_sure = has_dashes || is_rfc(number);
    is_sure.then(|| Uuid {
        number,
        has_dashes,
        is_upper: text.contains(|c: char| c.is_ascii_uppercase()),
    })
}

/// The UUID that these bytes are.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<u128> {
    let uuid = u128::from_be_bytes(bytes.try_into().ok()?);
    is_rfc(uuid).then_some(uuid)
}

/// Whether its version and its variant are those of RFC 9562.
fn is_rfc(uuid: u128) -> bool {
    let version = (uuid >> 76) & 0xf;
    let variant = (uuid >> 62) & 0b11;
    (1..=8).contains(&version) && variant == 0b10
}

/// A UUID as a text.
pub(super) fn text(uuid: u128, has_dashes: bool) -> String {
    let mut text = format!("{uuid:032x}");
    if has_dashes {
        for at in [20, 16, 12, 8] {
            text.insert(at, '-');
        }
    }
    text
}

/// Whether a text has only hexadecimal digits.
pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
