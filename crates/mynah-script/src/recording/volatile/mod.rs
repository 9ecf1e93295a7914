//! Values that differ from run to run, or are hidden: which recorded ones those that a client sends stand for.

mod bindings;
mod group;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use mynah_expect::{Call, Protocol, Test, Value};
use mynah_recording::{
    Found, Hidden, Identity, PartName, Pseudonyms, Rules, walk_answer, walk_call,
};

use crate::expectations::{Answer, Varying};
use bindings::{Bindings, Known, Sent};
use group::Group;

/// The volatile values of a recording's statements.
#[derive(Debug, Default)]
pub(crate) struct Volatiles {
    rules: Rules,
    groups: Vec<Group>,
    /// The numbers of the groups.
    by_key: HashMap<Key, usize>,
    /// The same by keys in which numbers and texts that are the same to an expectation are equal.
    by_like_key: HashMap<Key, Vec<usize>>,
    /// The recorded values that clients made.
    sent: HashSet<Identity>,
    /// Its values that are pseudonyms.
    pseudonyms: Option<Pseudonyms>,
    /// Its statements of which values are hidden.
    hidden: Hidden,
}

/// Statements of a part that differ only in volatile values.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    /// Absent for `setup`.
    part: Option<Arc<str>>,
    is_x: bool,
    shape: Arc<str>,
    values: Vec<Value>,
}

impl Volatiles {
    pub(super) fn new(rules: Rules, pseudonyms: Option<Pseudonyms>) -> Self {
        Self {
            rules,
            pseudonyms,
            ..Self::default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.has_rules() && self.hidden.is_empty()
    }

    /// Whether values differ by rules, or have pseudonyms.
    pub(super) fn has_rules(&self) -> bool {
        !self.rules.is_empty() || self.pseudonyms.is_some()
    }

    /// Takes over a recorded statement, if values of it are hidden.
    pub(super) fn add_hidden(&mut self, part: &PartName, call: &Call) {
        let comparable = self.comparable(call);
        self.hidden.add(part, call, comparable);
    }

    /// The values of a statement, where the volatile ones are equal.
    fn comparable(&self, call: &Call) -> Vec<Value> {
        let blank = walk_call(&self.rules, call, &mut |found| found.is_ruled.then(blank));
        blank.as_ref().unwrap_or(call).values()
    }

    /// Learns the pseudonyms of a recorded entry.
    pub(super) fn learn(&mut self, entry: &serde_json::Value) {
        if let Some(pseudonyms) = &mut self.pseudonyms
            && let Ok(mut entry) = serde_json::from_value(entry.clone())
        {
            pseudonyms.learn(&mut entry);
        }
    }

    /// Takes over a recorded statement.
    pub(super) fn add(&mut self, part: Option<&Arc<str>>, call: &Call) {
        let mut tokens = Vec::new();
        let blank = walk_call(&self.rules, call, &mut |found| {
            found.is_ruled.then(|| {
                tokens.push(found.identity.clone());
                blank()
            })
        });
        let Some(blank) = blank else { return };
        let recorded = call.values().into_iter().zip(blank.values());
        let values = recorded.map(|(recorded, blank)| (recorded != blank).then_some(recorded));
        let values = values.collect();
        self.sent.extend(tokens.iter().cloned());
        let count = self.groups.len();
        let key = Key::new(part.cloned(), &blank);
        let like = key.like();
        let number = *self.by_key.entry(key).or_insert(count);
        if number == count {
            self.groups.push(Group::new(count));
            self.by_like_key.entry(like).or_default().push(count);
        }
        if let Some(group) = self.groups.get_mut(number) {
            group.add(tokens, values);
        }
    }

    /// The groups that a statement of a part may belong to, the best ones first: those with exactly its other values,
    /// and in both cases those of the part before those of `setup`.
    fn groups_of(&self, part: Option<Arc<str>>, blank: &Call) -> impl Iterator<Item = &Group> {
        let of_setup = part.is_some().then(|| Key::new(None, blank));
        let keys = [Some(Key::new(part, blank)), of_setup];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        let exact = keys.iter().filter_map(|key| self.by_key.get(key));
        let like = keys
            .iter()
            .filter_map(|key| self.by_like_key.get(&key.like()));
        let numbers: Vec<_> = exact.chain(like.flatten()).copied().collect();
        numbers
            .into_iter()
            .filter_map(|number| self.groups.get(number))
    }

    /// Whether an answer has a volatile value.
    pub(super) fn vary(&self, answer: &mut mynah_recording::Answer) -> bool {
        let mut varies = false;
        walk_answer(&self.rules, answer, &mut |found| {
            varies |= found.is_ruled || self.sent.contains(found.identity);
            None
        });
        varies
    }

    /// A statement as it was recorded: without what the recorder hides, with pseudonyms, and with recorded values in place of the volatile ones that it was
    /// sent with. `None` if it has none of these.
    pub(crate) fn resolve(
        &self,
        test: &Test<Answer>,
        shared: &Test<Answer>,
        call: &Call,
    ) -> Option<Call> {
        let hidden = self.without_hidden(test, call);
        let call = hidden.as_ref().unwrap_or(call);
        let pseudonyms = self.pseudonyms.as_ref();
        let with_pseudonyms = pseudonyms.and_then(|pseudonyms| pseudonyms.call(call));
        let call = with_pseudonyms.as_ref().unwrap_or(call);
        let resolved = self.without_volatile(test, shared, call);
        resolved.or(with_pseudonyms).or(hidden)
    }

    /// A statement as it was recorded, with values hidden. What was recorded as it is has nothing hidden.
    fn without_hidden(&self, test: &Test<Answer>, call: &Call) -> Option<Call> {
        let part = test
            .id()
            .map_or_else(PartName::setup, |id| PartName(id.to_owned()));
        let resolved = self.hidden.resolve(&part, call, || self.comparable(call));
        resolved.filter(|_| !test.has_answer_to(call))
    }

    fn without_volatile(
        &self,
        test: &Test<Answer>,
        shared: &Test<Answer>,
        call: &Call,
    ) -> Option<Call> {
        with_known(test, shared, |known| {
            let mut sent = Vec::new();
            let blank = walk_call(&self.rules, call, &mut |found| {
                if !found.is_ruled {
                    return known.of_setting(found);
                }
                sent.push(Sent {
                    identity: found.identity.clone(),
                    column: found.column.map(str::to_owned),
                });
                Some(blank())
            })?;
            if sent.is_empty() {
                return Some(blank);
            }
            let part = test.id().map(Arc::from);
            for group in self.groups_of(part, &blank) {
                if let Some(values) = group.choose(known.own, known.of_shared, &sent) {
                    return Some(blank.with_values(values));
                }
            }
            // No recorded statement fits. Values that earlier statements have shown to stand for recorded ones are
            // replaced all the same.
            walk_call(&self.rules, call, &mut |found| known.of_setting(found))
        })
    }

    /// An answer with the values that the client sent, as JSON.
    pub(crate) fn fill(
        &self,
        test: &Test<Answer>,
        shared: &Test<Answer>,
        varying: &Varying,
    ) -> Result<serde_json::Value, String> {
        let mut answer = varying.answer.clone();
        with_known(test, shared, |known| {
            walk_answer(&self.rules, &mut answer, &mut |found| {
                known
                    .sent_for(found)
                    .or_else(|| shifted(found, varying.shift))
            });
        });
        serde_json::to_value(answer).map_err(|error| error.to_string())
    }
}

/// A volatile moment that was recorded, so much later.
fn shifted(found: &Found<'_>, shift: Option<SignedDuration>) -> Option<Identity> {
    let shift = shift.filter(|_| found.is_ruled)?;
    found.identity.later(shift)
}

/// Looks at what a test has sent, and what was sent before all tests.
fn with_known<T>(
    test: &Test<Answer>,
    shared: &Test<Answer>,
    look: impl FnOnce(Known<'_>) -> T,
) -> T {
    let own = bindings(test);
    let of_shared = bindings(shared);
    let mut own = bindings::lock(&own, test);
    // The shared test has no other behind it.
    let of_shared = test.id().map(|_| bindings::lock(&of_shared, shared));
    look(Known {
        own: &mut own,
        of_shared: of_shared.as_deref(),
    })
}

fn bindings(test: &Test<Answer>) -> Arc<Mutex<Bindings>> {
    test.attached(Mutex::<Bindings>::default)
}

impl Key {
    fn new(part: Option<Arc<str>>, blank: &Call) -> Self {
        Self {
            part,
            is_x: blank.connection.protocol == Protocol::X,
            shape: Arc::clone(blank.statement.shape()),
            values: blank.values(),
        }
    }

    /// The key in which values that are the same to an expectation are equal.
    fn like(&self) -> Self {
        Self {
            part: self.part.clone(),
            is_x: self.is_x,
            shape: Arc::clone(&self.shape),
            values: self.values.iter().map(Value::normal).collect(),
        }
    }
}

/// What stands in place of a volatile value.
fn blank() -> Identity {
    Identity::Text("\u{0}".to_owned())
}
