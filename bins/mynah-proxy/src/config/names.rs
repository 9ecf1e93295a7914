//! Names in paths of keys.

/// A name as a path of keys has it.
pub(super) fn shown_name(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    match !name.is_empty() && name.bytes().all(is_bare) {
        true => name.to_owned(),
        false => format!("{name:?}"),
    }
}

/// The name that this one may be a misspelling of.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name: String = name.chars().take(64).collect::<String>().replace('-', "_");
    let known = known.map(|known| (strsim::jaro_winkler(&name, &known.replace('-', "_")), known));
    let best = known.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(score, _)| *score > 0.8)
        .map(|(_, known)| known)
}
