use std::sync::LazyLock;
use std::time::Duration;

use bytes::BytesMut;
use mynah_net::{SelfSigned, Stream, TlsClient, TlsClientOptions, TlsMode, TlsOptions, TlsServer};
use mynah_session::fuzz::cut;
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt as _;

use super::form::Form;
use crate::Failure;
use crate::login::{self, Again, Entered, Keys, TlsUse, Tools};
use crate::observer::ConnectionObserver;

/// Logins of the classic protocol that were changed, COM_CHANGE_USER behind them: whatever both sides
/// say, the login comes to an end when they close.
///
/// The first two bytes say the form of the trace, the third which sides are local sockets or offer
/// TLS; each piece that follows is a byte that says who sends how much, and the bytes.
pub fn login(data: &[u8]) {
    carry(data, false);
}

/// The same of the X Protocol.
pub fn login_x(data: &[u8]) {
    carry(data, true);
}

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn carry(data: &[u8], is_x: bool) {
    let Some((form, [bits, rest @ ..])) = Form::cut(data) else {
        return;
    };
    let mut observer = form.observer();
    if is_x {
        observer.speaks_x(true);
    }
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime can be had");
    let done = runtime.block_on(logs_in(*bits, rest, &mut observer));
    if let Err(failure) = done {
        let hangs = matches!(failure, Failure::Late { .. });
        assert!(!hangs, "both sides have closed: {failure}");
    }
    observer.end(None);
    drop(observer);
    let _lines = form.told();
}

/// Both sides have said everything, and closed, before the login begins.
async fn logs_in(bits: u8, data: &[u8], observer: &mut ConnectionObserver) -> Result<(), Failure> {
    let (mut client, mut of_client) = Stream::in_memory(ROOM, bits & 1 != 0);
    let (mut server, mut of_server) = Stream::in_memory(ROOM, bits & 2 != 0);
    for (direction, piece) in cut(data.get(..MOST).unwrap_or(data)) {
        let side = match direction {
            Direction::Client => &mut of_client,
            Direction::Server => &mut of_server,
        };
        // There is room for all of it.
        let _sent = side.write_all(&piece).await;
    }
    let _closed = (of_client.shutdown().await, of_server.shutdown().await);

    let mode = |off| match bits & off {
        0 => None,
        _ => Some(TlsMode::Preferred),
    };
    let (own, servers) = &*TLS;
    let keys = &*KEYS;
    let tools = Tools {
        tls: TlsUse {
            client: mode(4),
            server: mode(8),
        },
        server: own,
        client: servers,
        keys,
        patience: PATIENCE,
    };
    let ahead = (BytesMut::new(), BytesMut::new());
    let entered = if observer.is_x() {
        login::login_x(&mut client, &mut server, ahead, &tools, observer).await?
    } else {
        let login = login::login(&mut client, &mut server, ahead, &tools, observer).await;
        login.map_err(|failed| failed.failure)?
    };
    let Entered {
        of_client,
        of_server,
        compression,
        mediated,
    } = entered;
    if !mediated {
        return Ok(());
    }
    let again = Again {
        keys,
        patience: PATIENCE,
        compression,
    };
    let rest = (of_client, of_server);
    let done = if observer.is_x() {
        login::login_again(&mut client, &mut server, rest, &again, observer).await
    } else {
        login::change_user(&mut client, &mut server, rest, &again, observer).await
    };
    done.map(drop)
}

/// Made once, since making keys takes long.
#[allow(clippy::expect_used, reason = "this is an assertion")]
static TLS: LazyLock<(TlsServer, TlsClient)> = LazyLock::new(|| {
    let options = TlsOptions {
        self_signed: SelfSigned::InMemory,
        ..TlsOptions::default()
    };
    let server = TlsServer::new(&options).expect("a certificate is made");
    let client = TlsClient::new(TlsClientOptions::default()).expect("nothing is read");
    (server, client)
});

static KEYS: LazyLock<Keys> = LazyLock::new(Keys::default);

/// How much of an input is looked at; what is told of it has room in a stream.
const MOST: usize = 256 * 1024;
const ROOM: usize = 8 * MOST;

const PATIENCE: Duration = Duration::from_secs(20);
