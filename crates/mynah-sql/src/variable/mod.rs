//! The system variables of servers.

mod tables;

/// A system variable, as MySQL 9.7 or MariaDB 10.11 has it. Variables that change with every statement, such as
/// `timestamp` and `warning_count`, aren't in the tables, and neither are those of plugins that aren't loaded by default.
///
/// ```
/// use mynah_sql::{SystemVariable, Told, VariableAccess};
///
/// let variable = SystemVariable::find(b"SQL_mode", false).unwrap();
/// let VariableAccess::Session { told, .. } = variable.access else {
///     panic!("a session can set it");
/// };
/// assert_eq!(told, Some(Told::Right));
/// assert!(SystemVariable::find(b"max_connections", false).unwrap().access == VariableAccess::Global);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemVariable {
    /// The variable's name in lower case.
    pub name: &'static str,
    /// Whether a session can set it.
    pub access: VariableAccess,
}

/// Whether a session can set a variable of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VariableAccess {
    /// A session can set it.
    Session {
        /// What the server reports about the new value after a SET, if it tracks all variables
        /// (`session_track_system_variables = '*'`); `None` if it isn't known, because no other value could be set.
        told: Option<Told>,
        /// The same after a SET to DEFAULT.
        told_default: Option<Told>,
        /// Other variables whose value has changed after a SET of this one, such as `tx_isolation` beside
        /// `transaction_isolation`.
        changes: &'static [&'static str],
    },
    /// It can't be set in a session, or not at all.
    ReadOnly,
    /// It can be set for the whole server only.
    Global,
}

/// What a server reports about a variable that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Told {
    /// Its new value, as SHOW VARIABLES shows it.
    Right,
    /// Another value, or the same value in another form.
    Wrong,
    /// Nothing.
    Not,
}

impl SystemVariable {
    /// The variable of a name, in upper or lower case; `None` for a name that isn't known.
    #[must_use]
    pub fn find(name: &[u8], is_mariadb: bool) -> Option<&'static Self> {
        let variables = Self::all(is_mariadb);
        let compare = |own: &Self| {
            own.name
                .bytes()
                .cmp(name.iter().map(u8::to_ascii_lowercase))
        };
        let place = variables.binary_search_by(compare).ok()?;
        variables.get(place)
    }

    /// All variables, in the order of their names.
    #[must_use]
    pub fn all(is_mariadb: bool) -> &'static [Self] {
        match is_mariadb {
            true => tables::mariadb::VARIABLES,
            false => tables::mysql::VARIABLES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        for variables in [SystemVariable::all(false), SystemVariable::all(true)] {
            assert!(variables.is_sorted_by(|a, b| a.name < b.name));
            assert!(variables.len() > 500);
            for variable in variables {
                assert_eq!(variable.name, variable.name.to_ascii_lowercase());
            }
        }
    }

    #[test]
    fn what_servers_tell_of_variables_is_known() {
        let find = |name: &str, is_mariadb| {
            let variable = SystemVariable::find(name.as_bytes(), is_mariadb);
            variable.map(|variable| variable.access)
        };
        for is_mariadb in [false, true] {
            let autocommit = find("AUTOCOMMIT", is_mariadb);
            assert!(matches!(
                autocommit,
                Some(VariableAccess::Session {
                    told: Some(Told::Right),
                    ..
                })
            ));
            assert_eq!(find("hostname", is_mariadb), Some(VariableAccess::ReadOnly));
            assert_eq!(find("nosuch", is_mariadb), None);
        }
        assert_eq!(find("gtid_slave_pos", false), None);
    }
}
