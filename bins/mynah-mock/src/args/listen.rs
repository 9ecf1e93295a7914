use std::path::PathBuf;

use clap::Args;
use mynah::Options;
use mynah_program::{UsageError, values};

#[derive(Debug, Args)]
#[command(next_help_heading = "Addresses")]
pub(super) struct ListenArgs {
    /// name or address to listen on for MySQL clients (default 0.0.0.0)
    #[arg(short = 'B', long, value_name = "ADDRESS")]
    bind_address: Option<String>,

    /// TCP port of the classic protocol, 0 for any free port (default 3306, unless there is a socket)
    #[arg(short = 'P', long, value_name = "PORT")]
    port: Option<String>,

    /// path of the Unix socket of the classic protocol (default: none)
    #[arg(long, value_name = "PATH")]
    socket: Option<String>,

    /// TCP port of the X Protocol, 0 for any free port (default: none)
    #[arg(short = 'X', long, value_name = "PORT")]
    xport: Option<String>,

    /// path of the Unix socket of the X Protocol (default: none)
    #[arg(long, value_name = "PATH")]
    xsocket: Option<String>,

    /// permissions of the Unix sockets, in octal as for chmod (default 0777)
    #[arg(long, value_name = "MODE")]
    socket_mode: Option<String>,

    /// TCP port of the HTTP listener, 0 for any free port (default: none)
    #[arg(long, value_name = "PORT")]
    http_port: Option<String>,

    /// name or address of the HTTP listener (default 127.0.0.1)
    #[arg(long, value_name = "ADDRESS")]
    http_bind: Option<String>,

    /// file with a token that HTTP requests must have: Authorization: Bearer TOKEN (default: none)
    #[arg(long, value_name = "FILE")]
    http_token_file: Option<String>,
}

impl ListenArgs {
    pub(super) fn has_address(&self) -> bool {
        self.bind_address.is_some()
    }

    pub(super) fn set(self, options: &mut Options) -> Result<(), UsageError> {
        if let Some(address) = self.bind_address {
            options.bind_address = values::host("--bind-address", &address, "--port")?;
        }
        options.port = port("--port", self.port.as_deref())?;
        options.socket = self.socket.map(PathBuf::from);
        options.xport = port("--xport", self.xport.as_deref())?;
        options.xsocket = self.xsocket.map(PathBuf::from);
        if let Some(mode) = self.socket_mode {
            options.socket_mode = values::permissions("--socket-mode", &mode)?;
        }
        options.http_port = port("--http-port", self.http_port.as_deref())?;
        if let Some(address) = self.http_bind {
            options.http_bind = values::host("--http-bind", &address, "--http-port")?;
        }
        let token = self.http_token_file.as_deref();
        let token = token.map(|path| values::http_token("--http-token-file", path));
        options.http_token = token.transpose()?;
        Ok(())
    }
}

fn port(option: &'static str, value: Option<&str>) -> Result<Option<u16>, UsageError> {
    value.map(|value| values::port(option, value)).transpose()
}
