use std::collections::HashSet;

use mynah_expect::Call;

use super::mentions::Mentions;
use super::prf::Prf;
use super::replace::pseudonym;
use super::{PseudonymError, PseudonymRules};
use crate::volatile::{walk_answers, walk_entry, walk_sent};
use crate::{Entry, Found, Identity, Rules, walk_call};

/// Replaces values by pseudonyms of the same type and length. In a recording, the same value always has the same
/// pseudonym, and different values have different ones. A decimal number counts as a text where it is written with a 0 at
/// the end of its fraction: `12.50` in a text and the number 12.5 have different pseudonyms.
#[derive(Clone, Debug)]
pub struct Pseudonyms {
    about: PseudonymRules,
    prf: Prf,
    /// When recording, the values that have pseudonyms; when playing, the pseudonyms of the recording.
    known: HashSet<Identity>,
}

impl Pseudonyms {
    /// Pseudonyms for a new recording, for the values that these rules name. The key is a secret of at least 16
    /// bytes.
    ///
    /// # Errors
    /// If there is no key although values could be guessed without one, or the key is too short.
    pub fn new(rules: Rules, key: Option<&[u8]>) -> Result<Self, PseudonymError> {
        Self::of(PseudonymRules::new(rules, key)?, key)
    }

    /// Pseudonyms by the rules and the salt of an existing recording.
    ///
    /// # Errors
    /// If the recording's key is missing, or isn't the one that the recording was made with.
    pub fn of(about: PseudonymRules, key: Option<&[u8]>) -> Result<Self, PseudonymError> {
        Ok(Self {
            prf: about.prf(key)?,
            about,
            known: HashSet::new(),
        })
    }

    /// The rules and the salt, as they are written into the recording.
    #[must_use]
    pub fn about(&self) -> &PseudonymRules {
        &self.about
    }

    /// Replaces values in an entry that is recorded. A value at a place that a rule names is, if it is long enough,
    /// also replaced at all other places from then on. A value of the statement is also replaced where a message or
    /// the name of a column in the answer mentions it.
    pub fn record(&mut self, entry: &mut Entry) {
        let Self { about, prf, known } = self;
        let mut visit = |found: &Found<'_>| {
            if found.is_ruled && known.len() < MOST_KNOWN {
                known.insert(found.identity.clone());
            }
            let is_known = || found.identity.is_distinctive() && known.contains(found.identity);
            (found.is_ruled || is_known()).then(|| replaced(prf, found.identity))
        };
        let mut mentions = Mentions::default();
        walk_sent(&about.rules, entry, &mut |found| {
            let new = visit(found)?;
            mentions.add(found.identity, &new);
            Some(new)
        });
        walk_answers(&about.rules, entry, &mut visit);
        mentions.replace(entry);
    }

    /// Notes the pseudonyms of an entry that was read from the recording, so that [`call`](Self::call) recognizes
    /// them.
    pub fn learn(&mut self, entry: &mut Entry) {
        let Self { about, known, .. } = self;
        walk_entry(&about.rules, entry, &mut |found| {
            if found.is_ruled {
                known.insert(found.identity.clone());
            }
            None
        });
    }

    /// Replaces values in a statement that a client sends, so that it can be looked up in the recording. Pseudonyms
    /// of the recording aren't replaced again. `None` if nothing is replaced.
    #[must_use]
    pub fn call(&self, call: &Call) -> Option<Call> {
        walk_call(&self.about.rules, call, &mut |found| self.sent(found))
    }

    fn sent(&self, found: &Found<'_>) -> Option<Identity> {
        // A client sends back a pseudonym that it got in a row: it must not be replaced a second time.
        if self.known.contains(found.identity) {
            return None;
        }
        if !found.is_ruled && !found.identity.is_distinctive() {
            return None;
        }
        let replaced = replaced(&self.prf, found.identity);
        // At a place that no rule names, a value counts as secret only if its pseudonym is in the recording.
        (found.is_ruled || self.known.contains(&replaced)).then_some(replaced)
    }
}

/// The pseudonym of a value. Where there is none, the value isn't told either.
fn replaced(prf: &Prf, identity: &Identity) -> Identity {
    pseudonym(prf, identity).unwrap_or_else(|_| Identity::Text("***".to_owned()))
}

/// How many values are known to have pseudonyms.
const MOST_KNOWN: usize = 1_000_000;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::volatile::written;

    fn pseudonyms(salt: u8) -> Pseudonyms {
        let about = PseudonymRules {
            rules: Rules::parse(["column:secret"]).unwrap(),
            salt: format!("{salt:032x}"),
            key_check: None,
        };
        Pseudonyms::of(about, None).unwrap()
    }

    fn of(pseudonyms: &Pseudonyms, text: &str) -> String {
        let (identity, write) = written(text);
        write(&replaced(&pseudonyms.prf, &identity))
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-zA-Z0-9@. -]{0,12}",
            "-?[0-9]{1,22}(\\.[0-9]{1,3})?",
            "\\PC{0,8}",
            "20[0-3][0-9]-0[1-9]-[12][0-9]( [01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{3})?)?",
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
        ]
    }

    /// What a reader takes a text for.
    fn kind(text: &str) -> (std::mem::Discriminant<Identity>, usize) {
        (std::mem::discriminant(&written(text).0), text.len())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn different_values_have_different_pseudonyms_of_the_same_type_and_length(one in texts(), other in texts(), salt: u8) {
            let pseudonyms = pseudonyms(salt);
            let (a, b) = (of(&pseudonyms, &one), of(&pseudonyms, &other));
            prop_assert_eq!(a == b, one == other, "{} {}", a, b);
            prop_assert_eq!(a.len(), one.len());
            if !matches!(written(&one).0, Identity::Text(_)) {
                prop_assert_eq!(kind(&a), kind(&one), "{}", a);
            }
        }

        #[test]
        fn a_pseudonym_stays_itself(texts in prop::collection::vec(texts(), 1..4), salt: u8) {
            let mut pseudonyms = pseudonyms(salt);
            let entry = |text: &str| {
                let params = Some(vec![crate::Param::Text(text.to_owned())]);
                Entry { stmt: "update t set secret = ?".into(), params, ..Entry::default() }
            };
            let recorded: Vec<_> = texts.iter().map(|text| {
                let mut entry = entry(text);
                pseudonyms.record(&mut entry);
                entry
            }).collect();
            let mut player = Pseudonyms::of(pseudonyms.about().clone(), None).unwrap();
            recorded.iter().for_each(|entry| player.learn(&mut entry.clone()));
            let call = |entry: &Entry| {
                let params = entry.params.iter().flatten().map(crate::Param::value).collect();
                Call::execute(entry.stmt.as_str(), params)
            };
            for (text, recorded) in texts.iter().zip(&recorded) {
                let expected = call(recorded);
                let again = player.call(&expected);
                prop_assert!(again.is_none(), "{again:?}");
                let sent = call(&entry(text));
                // A value may be the pseudonym of another one by chance, if both are short.
                if !player.known.contains(&written(text).0) {
                    let sent = player.call(&sent).unwrap_or(sent);
                    prop_assert_eq!(sent.params, expected.params);
                }
            }
        }
    }

    #[test]
    fn a_lone_digit_letter_or_byte_becomes_another_one() {
        for salt in 0..=u8::MAX {
            let pseudonyms = pseudonyms(salt);
            for text in ["0", "7", "-3", "-5", "2.5", "a", "Q", "x@", "\u{e9}"] {
                assert_ne!(of(&pseudonyms, text), text, "salt {salt}");
            }
            let byte = Identity::Bytes(vec![0xff]);
            assert_ne!(replaced(&pseudonyms.prf, &byte), byte, "salt {salt}");
        }
    }

    #[test]
    fn negative_numbers_of_one_digit_stay_negative_and_different() {
        for salt in 0..=u8::MAX {
            let pseudonyms = pseudonyms(salt);
            let found: HashSet<_> = (1..=9).map(|n| of(&pseudonyms, &format!("-{n}"))).collect();
            assert_eq!(found.len(), 9, "salt {salt}");
            assert!(
                found.iter().all(|new| new.starts_with('-') && new != "-0"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn small_numbers_are_all_different_and_fit_their_types() {
        let pseudonyms = pseudonyms(7);
        let of = |number: u32| of(&pseudonyms, &number.to_string()).parse::<u32>().unwrap();
        let all: HashSet<u32> = (0..70_000).step_by(70).map(of).collect();
        assert_eq!(all.len(), 1_000);
        for (first, last) in [
            (0, 9),
            (10, 99),
            (100, 127),
            (128, 255),
            (256, 999),
            (32_768, 65_535),
        ] {
            let found: HashSet<u32> = (first..=last).step_by(3).map(of).collect();
            assert!(
                found.iter().all(|number| (first..=last).contains(number)),
                "{first}"
            );
        }
    }

    #[test]
    fn a_key_is_needed_where_values_could_be_guessed_and_has_to_be_the_same() {
        let rules = |texts: &[&str]| Rules::parse(texts).unwrap();
        let key = b"0123456789abcdef".as_slice();
        let error = Pseudonyms::new(rules(&["type:uuid", "column:name"]), None).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("values of column:name could be guessed")
        );
        assert!(Pseudonyms::new(rules(&["type:uuid"]), None).is_ok());
        let error = Pseudonyms::new(rules(&["column:name"]), Some(b"short")).unwrap_err();
        assert!(matches!(error, PseudonymError::ShortKey));
        let made = Pseudonyms::new(rules(&["column:name"]), Some(key)).unwrap();
        let again = |key| Pseudonyms::of(made.about().clone(), key);
        assert_eq!(of(&again(Some(key)).unwrap(), "ada"), of(&made, "ada"));
        assert!(matches!(again(None).unwrap_err(), PseudonymError::NoKey));
        assert!(matches!(
            again(Some(b"0123456789abcdeg")).unwrap_err(),
            PseudonymError::WrongKey
        ));
        let other = Pseudonyms::new(rules(&["column:name"]), Some(key)).unwrap();
        assert_ne!(of(&other, "ada lovelace"), of(&made, "ada lovelace"));
    }
}
