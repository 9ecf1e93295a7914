use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;

/// A function whose results can't be told from random numbers without its key: HMAC with SHA-256.
#[derive(Clone, Debug)]
pub(super) struct Prf(PKey<Private>);

impl Prf {
    pub(super) fn new(key: &[u8]) -> Result<Self, ErrorStack> {
        PKey::hmac(key).map(Self)
    }

    /// 32 bytes for these.
    pub(super) fn bytes(&self, parts: &[&[u8]]) -> Result<[u8; 32], ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
        for part in parts {
            // The length in front keeps parts apart.
            signer.update(&part.len().to_be_bytes())?;
            signer.update(part)?;
        }
        let mut bytes = [0; 32];
        signer.sign(&mut bytes)?;
        Ok(bytes)
    }

    /// So many numbers for these bytes.
    pub(super) fn numbers(&self, parts: &[&[u8]], count: usize) -> Result<Vec<u64>, ErrorStack> {
        let seed = self.bytes(parts)?;
        let mut numbers = Vec::with_capacity(count);
        let mut block = 0_u64;
        while numbers.len() < count {
            let bytes = self.bytes(&[&seed, &block.to_be_bytes()])?;
            let (chunks, _) = bytes.as_chunks::<8>();
            numbers.extend(chunks.iter().map(|chunk| u64::from_be_bytes(*chunk)));
            block += 1;
        }
        numbers.truncate(count);
        Ok(numbers)
    }
}
