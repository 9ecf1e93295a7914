//! A recording of a real server: its entries are expectations, and what they lack of a session's state is the
//! prelude's to answer.

mod answer;
mod bulk;
mod entry;
mod identity;
mod keys;
mod options;
mod prune;
mod replay;
mod steps;
mod variables;
mod volatile;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_expect::{Expectations, Order, Place, Reading};
use mynah_recording::{PartName, Pseudonyms};
use mynah_session::placeholders::Dialect;
use mynah_session::{Account, Greeting};
use serde_json::Value;

use crate::expectations::Answer;
use answer::Answering;
use identity::Identities;

pub use answer::recorded_reply;
pub(crate) use bulk::{Keyword, layout};
pub use options::{ReplayOptions, ReplayTime, UnknownReplayTime};
pub(crate) use prune::prune;
pub(crate) use replay::Replay;
pub(crate) use variables::Variables;
pub(crate) use volatile::Volatiles;

/// What a recording says of its server.
#[derive(Debug)]
pub(crate) struct Recording {
    greeting: Greeting,
    account: Account,
    /// Its version, if it is known.
    pub(crate) version: Option<String>,
    /// In which order its entries have to come.
    pub(crate) order: Order,
    pub(crate) variables: Arc<Variables>,
    /// Its values that differ from run to run.
    pub(crate) volatiles: Arc<Volatiles>,
    /// What its entries are.
    pub(crate) identities: Identities,
}

/// A recording as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) recording: Recording,
    /// What all parts share.
    pub(crate) setup: Expectations<Answer>,
    pub(crate) parts: BTreeMap<String, Expectations<Answer>>,
    /// When each part was recorded, `setup` among them.
    pub(crate) recorded_at: BTreeMap<String, Timestamp>,
}

/// Whether a file of this name and text is a recording, or the journal of one.
pub(crate) fn is_recording(path: &Path, text: &[u8]) -> bool {
    let has = |wanted: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
    };
    has("jsonl") || (has("json") && mynah_recording::is_recording(text))
}

/// Reads a recording.
///
/// # Errors
/// What is wrong with the file as a whole, for people. An answer that is wrong is missing.
pub(crate) fn read(path: &Path, options: &ReplayOptions) -> Result<Read, String> {
    let read = with_rules(path, options)?;
    let pseudonyms = read.about.pseudonyms.clone();
    let key = options.redact_key.as_deref();
    let pseudonyms = pseudonyms
        .map(|about| Pseudonyms::of(about, key))
        .transpose();
    let pseudonyms =
        pseudonyms.map_err(|error| format!("{}: {error}; see --redact-key", path.display()))?;
    let mut volatiles = Volatiles::new(read.about.volatile.clone(), pseudonyms);
    let server = read.server.unwrap_or_default();
    let version = server.version.unwrap_or_default();
    let dialect = Dialect::of_version(version.as_bytes());
    // A recording doesn't say in which mode a statement was sent, so all are read in the same way.
    let reading = Reading {
        comments: Reading::from(dialect).comments,
        ..Reading::default()
    };
    let mut variables = Variables::default();
    let mut setup = Expectations::default();
    let mut parts = BTreeMap::new();
    let mut identities = Identities::new();
    let setup_at = (PartName::SETUP.to_owned(), read.about.recorded_at);
    let mut recorded_at = BTreeMap::from([setup_at]);
    for (name, part) in read.parts {
        recorded_at.insert(name.0.clone(), part.recorded_at);
        let entries = part.expectations.iter().map(identity::identity);
        identities.insert(name.0.clone(), entries.collect());
        let shift = options.shift(part.recorded_at);
        let list = Part {
            path,
            name: &name,
            options,
            reading,
            shift,
            variables: &mut variables,
            volatiles: &mut volatiles,
        }
        .read(part.expectations)?;
        match name.is_setup() {
            true => setup = list,
            false => drop(parts.insert(name.0, list)),
        }
    }
    let [.., collation] = server.collation.unwrap_or(0).to_be_bytes();
    Ok(Read {
        recording: Recording {
            greeting: Greeting {
                server_version: (!version.is_empty()).then(|| version.clone().into()),
                status_flags: StatusFlags::from_bits_retain(server.status.unwrap_or(0)),
                character_set: collation,
                auth_method: auth_method(dialect, &version),
                more_capabilities: capabilities(dialect, &version),
                ..Greeting::default()
            },
            account: Account {
                password: options.password.clone().map(Into::into),
                ..Account::default()
            },
            version: (!version.is_empty()).then_some(version),
            order: options.order(),
            variables: Arc::new(variables),
            volatiles: Arc::new(volatiles),
            identities,
        },
        setup,
        parts,
        recorded_at,
    })
}

/// A recording with the rules of the options besides its own.
///
/// # Errors
/// When the file can't be read.
fn with_rules(
    path: &Path,
    options: &ReplayOptions,
) -> Result<mynah_recording::Recording<Value>, String> {
    let wrong = |error: mynah_recording::ReadError| error.to_string();
    let read = mynah_recording::read::<Value>(path).map_err(wrong)?;
    // Without further rules, the entries are used as they were read. Otherwise they are parsed into the
    // recording's own types, to replace values in them.
    if read.about.volatile.clone().and(&options.volatile) == read.about.volatile {
        return Ok(read);
    }
    let read: mynah_recording::Recording = mynah_recording::read(path).map_err(wrong)?;
    let json = serde_json::to_value(read.with_rules(&options.volatile));
    json.and_then(serde_json::from_value)
        .map_err(|error| error.to_string())
}

/// A part that is read.
struct Part<'r> {
    path: &'r Path,
    name: &'r PartName,
    options: &'r ReplayOptions,
    reading: Reading,
    /// How much later volatile moments are than recorded ones.
    shift: Option<SignedDuration>,
    variables: &'r mut Variables,
    volatiles: &'r mut Volatiles,
}

impl Part<'_> {
    /// The expectations that the entries of the part are.
    fn read(self, entries: Vec<Value>) -> Result<Expectations<Answer>, String> {
        let Self {
            path,
            name,
            options,
            reading,
            ..
        } = self;
        let file: Arc<str> = format!("{}, part {name}", path.display()).into();
        let part = (!name.is_setup()).then(|| Arc::from(&*name.0));
        let mut list = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            let place = Place {
                file: Some(Arc::clone(&file)),
                index: Some(index),
                ..Place::default()
            };
            let wrong = |problem| format!("{place}: {problem}");
            self.volatiles.learn(&entry);
            let entry = entry::Entry::read(entry).map_err(wrong)?;
            self.variables.learn(&entry);
            let has_rules = self.volatiles.has_rules();
            let may_have_hidden = entry.may_have_hidden();
            if has_rules || may_have_hidden {
                for call in entry.calls(reading) {
                    if may_have_hidden {
                        self.volatiles.add_hidden(name, &call);
                    }
                    self.volatiles.add(part.as_ref(), &call);
                }
            }
            let answering = Answering {
                options,
                volatiles: self.volatiles,
                shift: self.shift,
            };
            list.extend(entry.expectation(&place, &answering, reading));
        }
        let (order, list) = match options.order() {
            Order::Any => (
                Order::Any,
                list.into_iter().map(|placed| placed.0).collect(),
            ),
            Order::Sequence => {
                steps::steps(list).map_err(|problem| format!("{file}: {problem}"))?
            }
        };
        Ok(Expectations { order, list })
    }
}

/// What servers of this version offer, beyond what every mock does.
fn capabilities(dialect: Dialect, version: &str) -> Capabilities {
    let of_version = match (dialect.is_mariadb, dialect.version) {
        (true, _) => Capabilities::MARIADB_STMT_BULK_OPERATIONS
            .union(Capabilities::MARIADB_EXTENDED_METADATA)
            .union(Capabilities::MARIADB_CACHE_METADATA)
            .union(match dialect.version {
                ..110_501 => Capabilities::empty(),
                _ => Capabilities::MARIADB_BULK_UNIT_RESULTS,
            }),
        (false, 80_000..) => {
            Capabilities::OPTIONAL_RESULTSET_METADATA.union(Capabilities::QUERY_ATTRIBUTES)
        }
        (false, _) if version.is_empty() => Capabilities::QUERY_ATTRIBUTES,
        (false, _) => Capabilities::empty(),
    };
    of_version.union(Capabilities::MULTI_STATEMENTS)
}

/// The authentication method that servers of this version try first.
fn auth_method(dialect: Dialect, version: &str) -> Option<bytes::Bytes> {
    let is_native = dialect.is_mariadb || (!version.is_empty() && dialect.version < 80_000);
    is_native.then(|| "mysql_native_password".into())
}
