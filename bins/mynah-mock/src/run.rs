//! Serves as long as a command runs, which finds the server by its environment.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::thread;

use mynah::{ListenAddress, LostWorkers, ScriptServer};
use mynah_program::{Signals, Waited};
use rustix::process::{Pid, Signal, getpgrp, kill_process};
use rustix::termios::tcgetpgrp;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::args::Settings;
use crate::lost::too_many;

/// Settings for a server that only the command has to find: on the loopback interface, on free ports, with a
/// Unix socket in a folder of its own, unless the settings say otherwise.
pub(crate) fn settings(settings: &mut Settings) -> io::Result<Option<TempDir>> {
    let options = &mut settings.options;
    if !settings.is_address_given {
        options.bind_address = Ipv4Addr::LOCALHOST.to_string();
    }
    options.port.get_or_insert(0);
    options.xport.get_or_insert(0);
    options.http_port.get_or_insert(0);
    if options.socket.is_some() {
        return Ok(None);
    }
    let folder = tempfile::Builder::new().prefix("mynah-mock-").tempdir()?;
    options.socket = Some(folder.path().join("mock.sock"));
    Ok(Some(folder))
}

/// Runs the command, passes signals on to it, and waits for its end.
pub(crate) fn run(
    server: &ScriptServer,
    command: &[OsString],
    signals: &mut Signals,
    lost: &LostWorkers,
    most_lost: usize,
) -> Result<u8, Box<dyn Error>> {
    let [program, args @ ..] = command else {
        return Err("there is no command to run".into());
    };
    let mut child = Command::new(program)
        .args(args)
        .envs(environment(server))
        .spawn()
        .map_err(|error| cant_run(program, &error))?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pass_on = |signal| {
        if let Some(pid) = pid {
            // The command may have ended just now.
            let _ended = kill_process(pid, signal);
        }
    };
    let (sender, mut ended) = oneshot::channel();
    let wait = move || {
        let _gone = sender.send(child.wait());
    };
    thread::Builder::new()
        .name("mynah-mock command".to_owned())
        .spawn(wait)?;
    loop {
        let first = async {
            tokio::select! {
                status = &mut ended => Some(status),
                () = lost.wait_for(most_lost) => None,
            }
        };
        match signals.wait_or(first, || pass_on(Signal::HUP)) {
            // A terminal sends it to the command, too.
            Waited::Signal("SIGINT") if is_in_foreground() => {}
            Waited::Signal("SIGINT") => pass_on(Signal::INT),
            Waited::Signal(_) => pass_on(Signal::TERM),
            Waited::Other(Some(status)) => return Ok(exit_code(status??)),
            Waited::Other(None) => {
                pass_on(Signal::TERM);
                return Err(too_many(lost).into());
            }
        }
    }
}

fn cant_run(program: &OsStr, error: &io::Error) -> String {
    let program = program.to_string_lossy();
    format!("can't run the command '{program}': {error}; name a program behind --")
}

/// The reason for which a command wasn't run: a signal of this name came first.
pub(crate) fn not_run(command: &[OsString], signal: &str) -> String {
    let program = command.first().map(|program| program.to_string_lossy());
    let program = program.unwrap_or_default();
    format!(
        "{signal} came while the mock was starting, so the command '{program}' wasn't run; start it again"
    )
}

/// Where the command finds the server, in variables of MySQL's own names where there are any. None has the name of an
/// option: a mock that the command starts reads its options from the environment.
fn environment(server: &ScriptServer) -> Vec<(&'static str, String)> {
    let mut variables = Vec::new();
    for address in server.addresses() {
        match address {
            ListenAddress::Tcp(address) => {
                let address = reachable(*address);
                variables.push(("MYSQL_TCP_PORT", address.port().to_string()));
                variables.push(("MYSQL_HOST", address.ip().to_string()));
            }
            ListenAddress::Unix(path) => {
                variables.push(("MYSQL_UNIX_PORT", path.display().to_string()));
            }
            // Clients have no variables for other addresses.
            _ => {}
        }
    }
    // A test can set its clock to this time.
    if let Some(at) = server.tests().recorded_at(SETUP) {
        variables.push(("MYNAH_RECORDED_AT", at.to_string()));
    }
    for address in server.x_addresses() {
        if let ListenAddress::Tcp(address) = address {
            variables.push(("MYSQLX_TCP_PORT", address.port().to_string()));
        }
    }
    if let Some(ListenAddress::Tcp(address)) = server.http_address() {
        variables.push(("MYNAH_HTTP", format!("http://{}", reachable(*address))));
    }
    variables
}

/// The part of a recording that begins it.
const SETUP: &str = "setup";

/// The address that clients of this machine connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Whether the keys that end programs end this one, and all others of its group.
fn is_in_foreground() -> bool {
    let terminal = File::open("/dev/tty").ok();
    terminal.is_some_and(|terminal| tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp()))
}

/// The exit code of a command; as shells have it, 128 and the signal that ended it.
fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}
