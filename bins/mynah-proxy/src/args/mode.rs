use std::path::{Path, PathBuf};

use mynah::Options;
use mynah_program::{UsageError, values};
use mynah_relay::{
    Address, HttpOptions, OpenPart, Protocol, RecordOptions, RelayOptions, RowsLimit,
};
use mynah_replay::Replay;

use super::ArgsError;
use super::error::together;

/// A recording that is played, and what is recorded meanwhile.
#[derive(Clone, Debug)]
pub(super) struct Mode {
    pub(super) path: PathBuf,
    mode: RecordMode,
}

/// What is recorded while a recording is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordMode {
    /// Nothing.
    None,
    /// Everything, if the file isn't there.
    Once,
    /// What the file lacks.
    New,
    /// Everything; the old entries are dropped.
    All,
}

impl Mode {
    /// Of the options, and of the environment.
    pub(super) fn new(replay: Option<&str>, mode: Option<&str>) -> Result<Option<Self>, ArgsError> {
        let Some(path) = replay else {
            return match mode {
                None => Ok(None),
                Some(_) => Err(together(
                    "--record-mode",
                    "without --replay",
                    "say which recording is played",
                )),
            };
        };
        let variable = std::env::var(VARIABLE).unwrap_or_default();
        let mode = mode.or(Some(&*variable).filter(|mode| !mode.is_empty()));
        let mode = values::choice("--record-mode", mode.unwrap_or("none"), &MODES)?;
        Ok(Some(Self {
            path: path.into(),
            mode,
        }))
    }

    /// Whether the recording alone answers.
    pub(super) fn is_alone(&self) -> bool {
        match self.mode {
            RecordMode::None => true,
            RecordMode::Once => self.path.exists(),
            RecordMode::New | RecordMode::All => false,
        }
    }

    /// Has a relay record what the recording lacks, and answer what it has.
    pub(super) fn set(&self, options: &mut RelayOptions) -> Result<(), ArgsError> {
        let open_part = OpenPart::default();
        let adds = self.mode == RecordMode::New && self.path.exists();
        let records = matches!(self.mode, RecordMode::New | RecordMode::All);
        // What is added would stand beside the pseudonyms in clear text.
        if records && has_pseudonyms(&self.path) {
            let problem = "new or all with a recording that has pseudonyms, to which values would be added as they are";
            let remedy = "record it anew with --record FILE and --pseudonym";
            return Err(together("--record-mode", problem, remedy));
        }
        if adds {
            let replay = Replay::read(&self.path, open_part.clone());
            options.gates = Some(replay.map_err(ArgsError::Recording)?.gates());
        }
        options.record = options.record.take().map(|record| RecordOptions {
            path: self.path.clone(),
            adds,
            open_part,
            ..record
        });
        Ok(())
    }

    /// The options of a mock that plays the recording on these addresses.
    pub(super) fn mock(
        &self,
        listen: &[(Address, Protocol)],
        http: Option<HttpOptions>,
        socket_mode: Option<u32>,
    ) -> Result<Options, ArgsError> {
        let mut options = Options::new(&self.path);
        options.socket_mode = socket_mode.unwrap_or(options.socket_mode);
        let only_x = listen
            .iter()
            .any(|(_, protocol)| *protocol == Protocol::Auto)
            && is_of_x_alone(&self.path)?;
        options.only_x = true;
        for (address, protocol) in listen {
            let is_x = *protocol == Protocol::X || (*protocol == Protocol::Auto && only_x);
            options.only_x &= is_x;
            put(&mut options, address, is_x)?;
        }
        if let Some(http) = http {
            options.http_port = Some(http.port);
            options.http_bind = http.bind;
            options.http_token = http.token;
        }
        Ok(options)
    }
}

/// Whether a file is a recording whose values were replaced by pseudonyms. Other code says what is wrong with a file that
/// isn't one.
pub(super) fn has_pseudonyms(path: &Path) -> bool {
    let read: Result<mynah_relay::Recording, _> = mynah_relay::read_recording(path);
    read.is_ok_and(|recording| recording.about.pseudonyms.is_some())
}

/// How many rows a result has in this recording's own file; `None` if the file isn't a recording, or isn't there.
pub(super) fn rows_limit_of(path: &Path) -> Option<RowsLimit> {
    let read: Result<mynah_relay::Recording, _> = mynah_relay::read_recording(path);
    read.ok().map(|recording| recording.about.rows_limit)
}

/// Whether it is a recording of clients of the X Protocol alone.
fn is_of_x_alone(path: &Path) -> Result<bool, ArgsError> {
    let read: Result<mynah_relay::Recording, _> = mynah_relay::read_recording(path);
    match read {
        Ok(recording) => {
            let server = recording.server.unwrap_or_default();
            Ok(server.protocols == [mynah_relay::RecordedProtocol::X])
        }
        // It may be a script. The mock that plays it says what is wrong with it.
        Err(_) if path.exists() => Ok(false),
        Err(error) => Err(ArgsError::Recording(error)),
    }
}

fn put(options: &mut Options, address: &Address, is_x: bool) -> Result<(), ArgsError> {
    let has_tcp = options.port.is_some() || options.xport.is_some();
    let is_put = match address {
        Address::Tcp { host, port } => {
            if has_tcp && options.bind_address != *host {
                return Err(too_many());
            }
            options.bind_address.clone_from(host);
            let place = match is_x {
                true => &mut options.xport,
                false => &mut options.port,
            };
            place.replace(*port).is_none()
        }
        Address::Unix(path) => {
            let place = match is_x {
                true => &mut options.xsocket,
                false => &mut options.socket,
            };
            place.replace(path.clone()).is_none()
        }
    };
    match is_put {
        true => Ok(()),
        false => Err(too_many()),
    }
}

fn too_many() -> ArgsError {
    let problem = "with several addresses of one protocol, of which a recording alone serves one";
    together("--replay", problem, "leave out an --listen")
}

/// The addresses to listen on, where no server is asked, each with its protocol.
pub(super) fn listen(
    addresses: &[String],
    protocols: &[Protocol],
) -> Result<Vec<(Address, Protocol)>, UsageError> {
    let only = protocols.first().copied().unwrap_or_default();
    let addresses = addresses.iter().enumerate().map(|(index, text)| {
        let address = values::parsed("--listen", text)?;
        Ok((address, protocols.get(index).copied().unwrap_or(only)))
    });
    addresses.collect()
}

/// The variable of the environment that says the mode.
const VARIABLE: &str = "MYNAH_RECORD_MODE";

const MODES: [(&str, RecordMode); 4] = [
    ("none", RecordMode::None),
    ("once", RecordMode::Once),
    ("new", RecordMode::New),
    ("all", RecordMode::All),
];
