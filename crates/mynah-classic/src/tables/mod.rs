//! Tables of servers' numbers: collations and errors.

mod collation;
mod collations;
mod collations_of_mariadb;
mod collations_of_mysql;
mod errors_of_mariadb;
mod errors_of_mysql;
mod server_error;
mod server_errors;

pub use collation::Collation;
pub use server_error::ServerError;

/// The product whose table is meant: MySQL and MariaDB use different numbers for collations and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Product {
    /// MySQL, as of 9.7.
    MySql,
    /// MariaDB, as of 11.8.
    MariaDb,
}
