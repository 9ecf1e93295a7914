use openssl::ssl::{SslContextBuilder, SslMethod};

use super::TlsError;

/// Ciphers by kind. OpenSSL has one setting for TLS 1.3 and another for earlier versions; users
/// name both kinds in one list.
#[derive(Debug, PartialEq, Eq)]
struct Ciphers<'a> {
    up_to_1_2: Vec<&'a str>,
    of_1_3: Vec<&'a str>,
}

/// Restricts the ciphers to these. If the list has none of a kind, OpenSSL's defaults of that kind
/// stay.
pub(super) fn set(context: &mut SslContextBuilder, list: &str) -> Result<(), TlsError> {
    let ciphers = Ciphers::new(list)?;
    let none = |source| TlsError::NoCiphers {
        ciphers: list.to_owned(),
        source,
    };
    if !ciphers.up_to_1_2.is_empty() {
        let up_to_1_2 = ciphers.up_to_1_2.join(":");
        context.set_cipher_list(&up_to_1_2).map_err(none)?;
    }
    if !ciphers.of_1_3.is_empty() {
        let of_1_3 = ciphers.of_1_3.join(":");
        context.set_ciphersuites(&of_1_3).map_err(none)?;
    }
    Ok(())
}

impl<'a> Ciphers<'a> {
    fn new(list: &'a str) -> Result<Self, TlsError> {
        let mut ciphers = Self {
            up_to_1_2: Vec::new(),
            of_1_3: Vec::new(),
        };
        // OpenSSL accepts each of these separators.
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

/// Whether OpenSSL knows a cipher, a group of them, or a list operation. In a list it ignores
/// unknown names, so each is tried alone.
fn is_known(name: &str) -> Result<bool, TlsError> {
    let mut alone = SslContextBuilder::new(SslMethod::tls_server())?;
    // At level 0 a cipher that is too weak by default is known, too.
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

/// Groups that users often exclude, though this OpenSSL may have been built without them.
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
