//! The clients there are, a file for each family.

mod c;
mod compiled;
mod go;
mod java;
mod libmariadb;
mod node;
mod python;
mod rust;
mod scripting;
mod x;

use crate::client::Client;

/// All of them, in the order of the table.
pub(crate) fn all() -> Vec<Client> {
    let families = [
        c::clients(),
        python::clients(),
        node::clients(),
        scripting::clients(),
        compiled::clients(),
        go::clients(),
        java::clients(),
        rust::clients(),
        x::clients(),
    ];
    families.into_iter().flatten().collect()
}
