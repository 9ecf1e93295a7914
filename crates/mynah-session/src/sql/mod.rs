//! How a session's statements are read, and where their passwords are.

mod follow;
mod names;
mod secrets;
mod settings;

pub use mynah_sql::Characters;
pub use names::{is_password_name, mentions_password};
pub use secrets::Secrets;
pub use settings::Settings;
