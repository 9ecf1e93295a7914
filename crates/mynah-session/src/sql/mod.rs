//! SQL text, as servers cut it: one tokenizer, how a session's statements are read, and where their
//! passwords are.

mod characters;
mod comments;
mod follow;
mod literal;
mod names;
mod reading;
mod secrets;
mod settings;
mod tokens;

pub use characters::Characters;
pub use comments::Comments;
pub use names::{is_password_name, mentions_password};
pub use reading::Reading;
pub use secrets::Secrets;
pub use settings::Settings;
pub use tokens::{Token, TokenKind, Tokens};
