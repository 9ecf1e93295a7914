use std::fmt::Write;

use openssl::x509::{X509NameEntryRef, X509NameRef};

/// A name in a certificate as `/C=…/CN=…`, the form of OpenSSL's `X509_NAME_oneline`: bytes other
/// than printable ASCII are written as `\xHH`.
pub(super) fn one_line(name: &X509NameRef) -> String {
    let mut line = String::new();
    for entry in name.entries() {
        line.push('/');
        line.push_str(&kind(entry));
        line.push('=');
        for byte in entry.data().as_slice() {
            match byte {
                b' '..=b'~' => line.push(char::from(*byte)),
                // Writing to a string can't fail.
                _ => drop(write!(line, "\\x{byte:02X}")),
            }
        }
    }
    line
}

/// The type of an entry: `CN`, or the numeric id if it has no name.
fn kind(entry: &X509NameEntryRef) -> String {
    let object = entry.object();
    match object.nid() {
        openssl::nid::Nid::UNDEF => object.to_string(),
        nid => nid
            .short_name()
            .map_or_else(|_| object.to_string(), ToOwned::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use openssl::x509::X509NameBuilder;

    use super::*;

    #[test]
    fn names_are_written_as_openssl_does_it() {
        let mut name = X509NameBuilder::new().unwrap();
        for (kind, value) in [
            ("C", "IN"),
            ("O", "Mynah, Ltd / Zoo"),
            ("CN", "Zoë"),
            ("emailAddress", "zoe@example.com"),
            ("1.2.3.4.5", "five"),
        ] {
            name.append_entry_by_text(kind, value).unwrap();
        }
        assert_eq!(
            one_line(&name.build()),
            "/C=IN/O=Mynah, Ltd / Zoo/CN=Zo\\xC3\\xAB/emailAddress=zoe@example.com/1.2.3.4.5=five"
        );
    }
}
