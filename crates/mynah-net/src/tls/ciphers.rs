use openssl::ssl::{SslContextBuilder, SslMethod};

use super::TlsError;

/// Ciphers by their kinds: OpenSSL sets them apart, users don't.
#[derive(Debug, PartialEq, Eq)]
struct Ciphers<'a> {
    up_to_1_2: Vec<&'a str>,
    of_1_3: Vec<&'a str>,
}

/// Offers no other ciphers than these. Of a kind that none is of, OpenSSL's own stay.
pub(super) fn set(context: &mut SslContextBuilder, list: &str) -> Result<(), TlsError> {
    let ciphers = Ciphers::new(list)?;
    if !ciphers.up_to_1_2.is_empty() {
        context.set_cipher_list(&ciphers.up_to_1_2.join(":"))?;
    }
    if !ciphers.of_1_3.is_empty() {
        context.set_ciphersuites(&ciphers.of_1_3.join(":"))?;
    }
    Ok(())
}

impl<'a> Ciphers<'a> {
    fn new(list: &'a str) -> Result<Self, TlsError> {
        let mut ciphers = Self {
            up_to_1_2: Vec::new(),
            of_1_3: Vec::new(),
        };
        // OpenSSL takes these between names, too.
        let names = list.split([':', ',', ' ']).filter(|name| !name.is_empty());
        for name in names {
            if is_of_1_3(name) {
                ciphers.of_1_3.push(name);
            } else if is_known(name)? {
                ciphers.up_to_1_2.push(name);
            } else {
                return Err(TlsError::Cipher {
                    ciphers: list.to_owned(),
                    unknown: name.to_owned(),
                });
            }
        }
        Ok(ciphers)
    }
}

pub(super) fn is_of_1_3(name: &str) -> bool {
    TLS_1_3.contains(&name)
}

/// Whether OpenSSL knows a cipher, a group of them, or something that is done to the list so far.
/// In a list it passes over what it doesn't know, so each is asked for alone.
fn is_known(name: &str) -> Result<bool, TlsError> {
    let mut alone = SslContextBuilder::new(SslMethod::tls_server())?;
    // Nothing is too weak to be known.
    alone.set_security_level(0);
    if name.starts_with('@') {
        return Ok(alone.set_cipher_list(&format!("ALL:{name}")).is_ok());
    }
    let name = name.trim_start_matches(['!', '-', '+']);
    Ok(!name.is_empty() && (GROUPS_OF_NONE.contains(&name) || alone.set_cipher_list(name).is_ok()))
}

const TLS_1_3: [&str; 5] = [
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_128_CCM_SHA256",
    "TLS_AES_128_CCM_8_SHA256",
];

/// What users forbid by habit, and this OpenSSL may have been built without.
const GROUPS_OF_NONE: [&str; 12] = [
    "LOW", "EXP", "EXPORT", "MD5", "DES", "3DES", "RC2", "RC4", "PSK", "SRP", "DSS", "IDEA",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ciphers_are_sorted_by_kind() {
        let list = "ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256:HIGH:!aNULL:!RC4:@STRENGTH";
        let ciphers = Ciphers::new(list).unwrap();
        assert_eq!(ciphers.of_1_3, ["TLS_AES_128_GCM_SHA256"]);
        assert_eq!(
            ciphers.up_to_1_2,
            [
                "ECDHE-RSA-AES128-GCM-SHA256",
                "HIGH",
                "!aNULL",
                "!RC4",
                "@STRENGTH"
            ]
        );
    }

    #[test]
    fn an_unknown_cipher_is_named() {
        for (list, unknown) in [
            ("ECDHE-RSA-AES128-GCM-SHA256:NOPE", "NOPE"),
            ("TLS_AES_128_GCM_SHA265", "TLS_AES_128_GCM_SHA265"),
            ("HIGH:!", "!"),
            ("HIGH:@NOPE", "@NOPE"),
        ] {
            let error = Ciphers::new(list).unwrap_err().to_string();
            assert!(error.contains(&format!("no cipher '{unknown}'")), "{error}");
        }
    }
}
