//! Readable forms of bytes, codes and floating-point numbers for serde, with the feature `serde`.
//!
//! In formats for people, such as JSON and YAML, bytes are a string if they are text (UTF-8 without control characters,
//! except line breaks and tabs), and otherwise an object with hexadecimal digits: `"select 1"`, `{"hex": "00ff"}`.
//! Fields that have no text in general, such as the data of an authentication method, are always such an object. Each
//! field can be read in both forms. In formats that aren't for people, bytes are bytes.
//!
//! The messages of `mynah-classic` and `mynah-x` use these forms, which a struct of your own can use as well:
//!
//! ```
//! use bytes::Bytes;
//! use mynah_wire::readable::{hex, text};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Login {
//!     #[serde(with = "text")]
//!     user: Bytes,
//!     #[serde(with = "hex")]
//!     nonce: Bytes,
//! }
//!
//! let login = Login { user: "ada".into(), nonce: "\u{1}z".into() };
//! let json = serde_json::to_string(&login)?;
//! assert_eq!(json, r#"{"user":"ada","nonce":{"hex":"017a"}}"#);
//! let again: Login = serde_json::from_str(&json)?;
//! assert_eq!((again.user, again.nonce), (login.user, login.nonce));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod bytes;
mod code;
pub mod float;
pub mod hex;
mod strings;
pub mod text;

pub use self::bytes::{Hex, Text};
pub use code::{code_from, serialize_code};
pub use float::Float;
pub use strings::{FromStrings, ToStrings};
