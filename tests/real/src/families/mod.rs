//! The clients there are, a file for each family.

mod c;
mod node;
mod python;
mod scripting;

use crate::client::Client;

/// All of them, in the order of the table.
pub(crate) fn all() -> Vec<Client> {
    [
        c::clients(),
        python::clients(),
        node::clients(),
        scripting::clients(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
