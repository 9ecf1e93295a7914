use std::error::Error;

use crate::args::Ping;

/// Asks a running mock whether it serves clients, and prints what it answers.
pub(crate) fn ping(ping: &Ping) -> Result<(), Box<dyn Error>> {
    let token = ping.token.as_deref();
    let answer = mynah::ping(&ping.host, ping.port, token, ping.timeout)?;
    mynah_program::print(&answer);
    Ok(())
}
