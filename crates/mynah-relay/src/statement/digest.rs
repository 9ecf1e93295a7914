use mynah_expect::{DIGEST_VERSION, digest_text};
use mynah_sql::Reading;
use sha2::{Digest as _, Sha256};

/// The digest of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    /// The hash in the digest's name.
    pub(crate) hash: u64,
    /// The name, and the text: what filters compare.
    texts: [String; 2],
}

impl Digest {
    pub(crate) fn of(sql: &str, reading: Reading) -> Self {
        let text = digest_text(sql, reading);
        let hash = Sha256::digest(text.as_bytes());
        let hash = hash.first_chunk().copied().map_or(0, u64::from_be_bytes);
        Self {
            hash,
            texts: [format!("{DIGEST_VERSION}-{hash:016x}"), text],
        }
    }

    /// The version of the digests, and the first half of the digits of the text's SHA-256 that fit into 64 bits:
    /// `1-5f3b08a94cd1e276`.
    pub(crate) fn name(&self) -> &str {
        let [name, _] = &self.texts;
        name
    }

    pub(crate) fn text(&self) -> &str {
        let [_, text] = &self.texts;
        text
    }

    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }
}
