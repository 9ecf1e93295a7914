use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// Connects to a server of the classic protocol with OpenSSL's own program, `openssl s_client`,
/// with these options, starts TLS, and leaves without a login. This client can resume TLS sessions,
/// for which the binding for Rust has no safe way.
///
/// Returns the program's output; `None` if the program isn't installed or can't be run.
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
    // The text isn't a login, so the server sends an error and closes the connection; by then the
    // TLS session has arrived. The program ends when its input does, so the input stays open.
    let sent = stdin
        .write_all(b"\x01\0\0\x02\x01")
        .and_then(|()| stdin.flush());
    let output = program.wait_with_output().ok()?;
    drop(stdin);
    sent.ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
