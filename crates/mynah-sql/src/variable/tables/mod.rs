//! Variables as servers say. The test `sql_tables` in `tests/programs` asks real servers, and writes the other files
//! here.

use super::{SystemVariable, Told, VariableAccess};

pub(super) mod mariadb;
pub(super) mod mysql;

const fn session(
    name: &'static str,
    told: Option<Told>,
    told_default: Option<Told>,
    changes: &'static [&'static str],
) -> SystemVariable {
    let access = VariableAccess::Session {
        told,
        told_default,
        changes,
    };
    SystemVariable { name, access }
}

const fn read_only(name: &'static str) -> SystemVariable {
    let access = VariableAccess::ReadOnly;
    SystemVariable { name, access }
}

const fn global(name: &'static str) -> SystemVariable {
    let access = VariableAccess::Global;
    SystemVariable { name, access }
}
