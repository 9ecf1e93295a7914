use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use crate::key::Key;
use crate::{About, Answer, Canon, Entry, Line, Outcome, Part, PartName, Recording, Text};

/// Makes a recording of the lines of a journal.
#[derive(Debug)]
pub(crate) struct Gather {
    recording: Recording,
    /// Where in its part an entry is.
    places: HashMap<Key, usize>,
    /// How many statements of a part came.
    counts: HashMap<PartName, u64>,
    opened: Timestamp,
    /// The entries of each part as they came, while they have volatile values.
    raw: BTreeMap<PartName, Vec<Entry>>,
}

impl Gather {
    pub(crate) fn new(about: About) -> Self {
        Self {
            opened: about.recorded_at,
            recording: Recording {
                about,
                server: None,
                logins: Vec::new(),
                parts: Default::default(),
            },
            places: HashMap::new(),
            counts: HashMap::new(),
            raw: BTreeMap::new(),
        }
    }

    pub(crate) fn take(&mut self, line: Line) {
        match line {
            Line::Open { open, .. } => self.opened = open.recorded_at,
            Line::Server { mut server } => {
                // Connections of both protocols each know only some facts about the server, so lines are merged;
                // later facts win.
                let before = self.recording.server.take().unwrap_or_default();
                for protocol in before.protocols {
                    if !server.protocols.contains(&protocol) {
                        server.protocols.push(protocol);
                    }
                }
                server.protocols.sort_unstable();
                server.version = server.version.or(before.version);
                server.collation = server.collation.or(before.collation);
                server.status = server.status.or(before.status);
                self.recording.server = Some(server);
            }
            Line::Login { login } => {
                if !self.recording.logins.contains(&login) {
                    self.recording.logins.push(login);
                }
            }
            Line::Part { part, recorded_at } => {
                self.part(part, recorded_at);
            }
            Line::Entry { part, entry } => match self.recording.about.volatile.is_empty() {
                // Stable values depend on the whole of `setup` and are numbered per part, so entries with volatile
                // values can be merged only at the end, in `make_stable`.
                true => self.entry(part, *entry),
                false => {
                    let opened = self.opened;
                    self.part(part.clone(), opened);
                    self.raw.entry(part).or_default().push(*entry);
                }
            },
        }
    }

    fn part(&mut self, part: PartName, recorded_at: Timestamp) -> &mut Part {
        self.recording.parts.entry(part).or_insert_with(|| Part {
            recorded_at,
            expectations: Vec::new(),
        })
    }

    fn entry(&mut self, part: PartName, mut entry: Entry) {
        // Drivers prepare at different times (some cache statements), so a prepare has no place in the order of
        // the statements.
        if entry.command.as_deref() != Some(Entry::PREPARE) {
            let count = self.counts.entry(part.clone()).or_default();
            *count += 1;
            entry.at = vec![*count];
        }
        let is_preparation = entry.is_preparation();
        // A journal says with an empty entry that a statement was prepared again, as before.
        let is_again = is_preparation && entry.prepared.is_none() && entry.answers.is_empty();
        entry.list_preparation();
        let key = Key::of(&part, &entry);
        let known = self.places.get(&key).copied();
        let opened = self.opened;
        let entries = &mut self.part(part, opened).expectations;
        if let Some(before) = known.and_then(|at| entries.get_mut(at)) {
            if is_again {
                before.answers.extend(before.answers.last().cloned());
            }
            before.answers.extend(entry.answers);
            before.at.extend(entry.at);
            return;
        }
        let at = entries.len();
        entries.push(entry);
        self.places.insert(key, at);
    }

    pub(crate) fn finish(mut self) -> Recording {
        self.make_stable();
        self.copy_prepared();
        let parts = self.recording.parts.values_mut();
        for entry in parts.flat_map(|part| &mut part.expectations) {
            cut_repeated(&mut entry.answers);
            entry.unlist_preparation();
            // A position is of use only if the statement came several times; without it, diffs of the file are
            // smaller.
            if let [_once] = &*entry.at {
                entry.at.clear();
            }
        }
        self.recording
    }

    /// Puts stable values in place of volatile ones, so that statements that differ only in these are one.
    fn make_stable(&mut self) {
        let rules = self.recording.about.volatile.clone();
        let parts = &self.recording.parts;
        let began = |name: &PartName| parts.get(name).map_or(self.opened, |part| part.recorded_at);
        let mut raw = std::mem::take(&mut self.raw);
        let mut setup = Canon::of_setup(&rules, began(&PartName::setup()));
        // `setup` comes first: a volatile value of `setup` has the same stable value in all other parts.
        for entry in raw.get_mut(&PartName::setup()).into_iter().flatten() {
            setup.entry(entry);
        }
        for (name, entries) in raw.iter_mut().filter(|(name, _)| !name.is_setup()) {
            let mut canon = Canon::of_part(&setup, began(name));
            entries.iter_mut().for_each(|entry| canon.entry(entry));
        }
        for (name, entries) in raw {
            for entry in entries {
                self.entry(name.clone(), entry);
            }
        }
    }

    /// A part that runs a statement which was prepared in another, by a connection of a pool say, has to know what the
    /// server said then: a test of its own prepares it anew.
    fn copy_prepared(&mut self) {
        let all = self.recording.parts.values();
        let mut by_text: HashMap<Text, Entry> = HashMap::new();
        for entry in all.flat_map(|part| &part.expectations) {
            if let Some(prepared) = entry.preparation().filter(|_| entry.is_preparation())
                && !by_text.contains_key(&entry.stmt)
            {
                let answers = vec![Outcome::Prepared(prepared.clone()).into()];
                let copy = Entry {
                    answers,
                    ..entry.clone()
                };
                by_text.insert(entry.stmt.clone(), copy);
            }
        }
        // An error of a preparation isn't what the executions came from.
        let texts = |part: &Part| {
            let entries = part.expectations.iter();
            let prepared = entries.filter(|entry| entry.preparation().is_some());
            prepared
                .map(|entry| entry.stmt.clone())
                .collect::<HashSet<_>>()
        };
        let setup = self.recording.parts.get(&PartName::setup()).map(texts);
        let setup = setup.unwrap_or_default();
        for part in self.recording.parts.values_mut() {
            let mut known = texts(part);
            let mut failed: HashMap<Text, usize> = HashMap::new();
            let mut entries: Vec<Entry> = Vec::with_capacity(part.expectations.len());
            for entry in std::mem::take(&mut part.expectations) {
                let is_execution = entry.params.is_some() || !entry.param_rows.is_empty();
                if is_execution
                    && !setup.contains(&entry.stmt)
                    && !known.contains(&entry.stmt)
                    && let Some(copy) = by_text.get(&entry.stmt)
                {
                    known.insert(entry.stmt.clone());
                    let failed = failed.get(&entry.stmt).copied();
                    match failed.and_then(|at| entries.get_mut(at)) {
                        Some(failed) => failed.answers.extend(copy.answers.iter().cloned()),
                        None => entries.push(copy.clone()),
                    }
                }
                if entry.is_preparation() {
                    let at = entries.len();
                    failed.entry(entry.stmt.clone()).or_insert(at);
                }
                entries.push(entry);
            }
            part.expectations = entries;
        }
    }
}

/// The last answer stays, so those that say the same before it are left out.
pub(crate) fn cut_repeated(answers: &mut Vec<Answer>) {
    while let [.., before, last] = &**answers
        && before.is_same(last)
    {
        answers.pop();
    }
}
