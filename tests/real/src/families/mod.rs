//! The clients, a file for each family.

mod c;
mod compiled;
pub(crate) mod go;
pub(crate) mod java;
mod libmariadb;
pub(crate) mod node;
pub(crate) mod python;
mod recorded;
pub(crate) mod rust;
pub(crate) mod scripting;
mod x;

use crate::client::Client;

/// All clients, in the order of the table.
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

/// The clients that are recorded and replayed: all of the table, and those that do more.
pub(crate) fn replayed() -> Vec<Client> {
    let mut clients = all();
    clients.extend(recorded::clients());
    clients
}
