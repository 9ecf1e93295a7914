use proptest::prelude::*;

use super::{openssl, rustcrypto};

proptest! {
    #[test]
    fn both_implementations_compute_the_same(
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..4),
        salt: [u8; 18],
        iterations in 1_u32..5,
    ) {
        let bytes = parts.concat();
        prop_assert_eq!(openssl::sha1(&bytes), rustcrypto::sha1(&bytes));
        prop_assert_eq!(openssl::sha256(&bytes), rustcrypto::sha256(&bytes));
        prop_assert_eq!(openssl::sha512(&bytes), rustcrypto::sha512(&bytes));
        let (mut a, mut b) = ([0; 32], [0; 32]);
        openssl::pbkdf2_sha512(&bytes, &salt, iterations, &mut a).unwrap();
        rustcrypto::pbkdf2_sha512(&bytes, &salt, iterations, &mut b).unwrap();
        prop_assert_eq!(a, b);
        let (mut sha1, mut sha256) = (rustcrypto::Sha1::new(), rustcrypto::Sha256::new());
        for part in &parts {
            sha1.update(part);
            sha256.update(part);
        }
        prop_assert_eq!(sha1.finish(), openssl::sha1(&bytes));
        prop_assert_eq!(sha256.finish(), openssl::sha256(&bytes));
    }
}

#[test]
fn both_implementations_compare() {
    for (a, b, is_same) in [
        (&b""[..], &b""[..], true),
        (b"ab", b"ab", true),
        (b"ab", b"ac", false),
        (b"ab", b"abc", false),
    ] {
        assert_eq!(openssl::is_same(a, b), is_same);
        assert_eq!(rustcrypto::is_same(a, b), is_same);
    }
}
