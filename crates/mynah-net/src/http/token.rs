use std::io::{Error, ErrorKind, Result};
use std::path::Path;

/// Reads the token for [`HttpListener::bind`](super::HttpListener::bind) from a file: its text
/// without surrounding space.
///
/// # Errors
/// When the file can't be read, or its content can't be sent in a header.
pub fn read_http_token(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)?;
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let why = "the token has to be one word of ASCII characters";
        return Err(Error::new(ErrorKind::InvalidData, why));
    }
    Ok(token.to_owned())
}
