use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// Asks a server of the classic protocol for TLS by OpenSSL's own program, `openssl s_client`, with more
/// of its options, and leaves without a login. It is a client that can take up earlier sessions, for which
/// the binding for Rust has no safe way.
///
/// Gives what the program says; `None` if there is no such program.
#[must_use]
pub fn s_client(address: SocketAddr, options: &[&str]) -> Option<String> {
    let mut program = Command::new("openssl")
        .args(["s_client", "-starttls", "mysql", "-connect"])
        .arg(address.to_string())
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = program.stdin.take()?;
    // This is no login, so the server says so and closes the connection; its session comes before. The
    // program is through with its own input when that ends, so it has to stay open.
    let sent = stdin
        .write_all(b"\x01\0\0\x02\x01")
        .and_then(|()| stdin.flush());
    let output = program.wait_with_output().ok()?;
    drop(stdin);
    sent.ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
