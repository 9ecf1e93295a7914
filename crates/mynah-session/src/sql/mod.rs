//! How the statements of a session are parsed, and where passwords are in them.

mod follow;
mod names;
mod secrets;
mod settings;

pub use mynah_sql::Characters;
pub use names::{is_password_name, mentions_password};
pub use secrets::Secrets;
pub use settings::Settings;
