//! The variables that a server of a version has.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::changes::{ADDED, REMOVED};
use super::recorded::{Recorded, Recording, Table, Variable};
use super::version_number::Number;

/// Variables by their names.
type Named = BTreeMap<String, Variable>;

/// What a server of one version has.
#[derive(Clone, Debug)]
pub(super) struct Catalog {
    variables: Variables,
    /// The recorded server that has the tables of this version.
    tables: &'static Recorded,
    pub(super) is_mariadb: bool,
}

#[derive(Clone, Debug)]
enum Variables {
    /// Those of a server that was recorded.
    Recorded(&'static Named),
    /// Those of a version between two that were.
    Mixed(Arc<Named>),
}

impl Catalog {
    /// What a server has that claims this version.
    pub(super) fn of(version: &str) -> Self {
        let number = Number::of(version);
        let (recording, is_mariadb) = match version.to_lowercase().contains("mariadb") {
            true if number < Number(11, 0, 0) => (Recording::MariaDb1011, true),
            true => (Recording::MariaDb118, true),
            false if number < Number(8, 0, 0) => (Recording::MySql56, false),
            false => (Recording::MySql97, false),
        };
        let recorded = recording.recorded();
        let variables = match is_mariadb || number < Number(5, 7, 0) || number >= NEWEST {
            true => Variables::Recorded(&recorded.variables),
            false => Variables::Mixed(mixed(number)),
        };
        Self {
            variables,
            tables: recorded,
            is_mariadb,
        }
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables().get(name)
    }

    /// All of them by their names.
    pub(super) fn variables(&self) -> &Named {
        match &self.variables {
            Variables::Recorded(recorded) => recorded,
            Variables::Mixed(mixed) => mixed,
        }
    }

    /// What a statement, or a table of the system, has.
    pub(super) fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables.tables.get(name)
    }

    /// The tables of the system that it has, as `schema.name`.
    pub(super) fn system_tables(&self) -> impl Iterator<Item = &'static str> {
        let names = self.tables.tables.keys().map(String::as_str);
        names.filter(|name| name.contains('.') && !name.contains(' '))
    }
}

/// The variables of a MySQL between 5.6 and 9.7.
fn mixed(number: Number) -> Arc<Named> {
    static MIXED: Mutex<Vec<(Number, Arc<Named>)>> = Mutex::new(Vec::new());
    let mut known = MIXED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, variables)) = known.iter().find(|(known, _)| *known == number) {
        return variables.clone();
    }
    let old = &Recording::MySql56.recorded().variables;
    let new = &Recording::MySql97.recorded().variables;
    let mut variables = BTreeMap::new();
    for (name, variable) in old {
        if new.contains_key(name) || number < change(REMOVED, name).unwrap_or(Number(8, 0, 0)) {
            variables.insert(name.clone(), variable.clone());
        }
    }
    for (name, variable) in new {
        let since = match old.contains_key(name) {
            true => Number(8, 0, 0), // The newer value.
            false => change(ADDED, name).unwrap_or(Number(8, 0, 0)),
        };
        if number >= since {
            variables.insert(name.clone(), variable.clone());
        }
    }
    let variables = Arc::new(variables);
    if known.len() < MOST_KNOWN {
        known.push((number, variables.clone()));
    }
    variables
}

/// The version of the list that names a variable.
fn change(changes: &[(Number, &str)], name: &str) -> Option<Number> {
    let mut changes = changes.iter();
    let found = changes.find(|(_, names)| names.split_whitespace().any(|known| known == name));
    found.map(|(number, _)| *number)
}

/// From here on all is as in the newest that was recorded.
const NEWEST: Number = Number(9, 7, 0);
/// How many versions are kept ready.
const MOST_KNOWN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_its_own_variables() {
        for (version, has, lacks) in [
            (
                "5.6.24",
                "tx_isolation query_cache_size storage_engine",
                "transaction_isolation",
            ),
            (
                "5.7.44-log",
                "tx_isolation query_cache_size transaction_isolation",
                "storage_engine",
            ),
            ("5.7.19", "tx_isolation", "transaction_isolation"),
            ("8.0.2", "tx_isolation query_cache_size", "storage_engine"),
            (
                "8.0.3",
                "transaction_isolation",
                "tx_isolation query_cache_size",
            ),
            (
                "8.4.0",
                "transaction_isolation innodb_version",
                "tx_isolation",
            ),
            (
                "9.7.4-mock",
                "transaction_isolation mysqlx_port",
                "tx_isolation",
            ),
            (
                "5.5.5-10.11.6-MariaDB",
                "tx_isolation query_cache_size",
                "transaction_isolation server_uuid",
            ),
            (
                "11.8.2-MariaDB",
                "transaction_isolation tx_isolation",
                "server_uuid",
            ),
        ] {
            let catalog = Catalog::of(version);
            for name in has.split_whitespace() {
                assert!(catalog.variable(name).is_some(), "{version} {name}");
            }
            for name in lacks.split_whitespace() {
                assert!(catalog.variable(name).is_none(), "{version} {name}");
            }
        }
    }
}
