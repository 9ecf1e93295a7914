use std::collections::HashMap;

use mynah_expect::Value;
use mynah_recording::Identity;

use super::bindings::{Bindings, Sent};

/// Recorded statements that differ only in volatile values, in their order.
#[derive(Debug)]
pub(super) struct Group {
    number: usize,
    statements: Vec<Statement>,
    by_values: HashMap<Vec<Identity>, usize>,
}

#[derive(Debug)]
struct Statement {
    volatile: Vec<Identity>,
    /// Its volatile values at their places among all of its values.
    values: Vec<Option<Value>>,
}

impl Group {
    pub(super) fn new(number: usize) -> Self {
        Self {
            number,
            statements: Vec::new(),
            by_values: HashMap::new(),
        }
    }

    pub(super) fn add(&mut self, volatile: Vec<Identity>, values: Vec<Option<Value>>) {
        let place = self.statements.len();
        let key = volatile.iter().map(without_chance).collect();
        if let std::collections::hash_map::Entry::Vacant(vacant) = self.by_values.entry(key) {
            vacant.insert(place);
            self.statements.push(Statement { volatile, values });
        }
    }

    /// The recorded statement that one with these values stands for: the one whose values they are known to be, or else
    /// the first that has no other values by now. From here on its values are these.
    pub(super) fn choose(
        &self,
        own: &mut Bindings,
        shared: Option<&Bindings>,
        sent: &[Sent],
    ) -> Option<&[Option<Value>]> {
        let recorded_for = |own: &Bindings, sent: &Identity| {
            let of_shared = || shared.and_then(|shared| shared.recorded_for(sent));
            own.recorded_for(sent).or_else(of_shared).cloned()
        };
        let exact = sent.iter().map(|sent| {
            let recorded = recorded_for(own, &sent.identity);
            without_chance(recorded.as_ref().unwrap_or(&sent.identity))
        });
        let exact: Vec<_> = exact.collect();
        let place = self.by_values.get(&exact).copied().or_else(|| {
            let is_bound = |own: &Bindings, recorded: &Identity| {
                recorded.is_common() || own.sent_for(recorded).is_some()
            };
            let mut used = own.used.get(&self.number).copied().unwrap_or(0);
            while let Some(statement) = self.statements.get(used)
                && statement.volatile.iter().all(|each| is_bound(own, each))
            {
                used += 1;
            }
            own.used.insert(self.number, used);
            let fits = |statement: &Statement| {
                let mut pairs = statement.volatile.iter().zip(sent);
                statement.volatile.len() == sent.len()
                    && pairs.all(|(recorded, sent)| {
                        let bound = own.sent_for(recorded);
                        let of_shared = || shared.and_then(|shared| shared.sent_for(recorded));
                        match bound.or_else(of_shared) {
                            _ if recorded.is_common() => true,
                            Some(bound) => *bound == sent.identity,
                            None => recorded_for(own, &sent.identity).is_none(),
                        }
                    })
            };
            let left = self.statements.iter().enumerate().skip(used);
            left.into_iter()
                .find(|(_, statement)| fits(statement))
                .map(|(place, _)| place)
        })?;
        let statement = self.statements.get(place)?;
        for (recorded, sent) in statement.volatile.iter().zip(sent) {
            own.bind(recorded, sent);
        }
        Some(&statement.values)
    }
}

/// All moments that may be the same by chance are the same.
fn without_chance(identity: &Identity) -> Identity {
    match identity.is_common() {
        true => Identity::Text(String::new()),
        false => identity.clone(),
    }
}
