use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;
use tokio_util::io::read_buf;

use super::exchange::{end, speaks_next, verdict};
use super::wire::Wire;
use crate::Failure;
use crate::pump::Watch;

/// Carries the rest of a login, of which nothing has to change, until it is decided. A client that
/// has said all it had to say is left to whoever carries on.
pub(super) async fn pass_on<W: Watch>(
    client: &mut Wire<'_>,
    server: &mut Wire<'_>,
    watch: &mut W,
) -> Result<(), Failure> {
    server.turn.is(Direction::Server);
    loop {
        if !client.input.is_empty() {
            let said = client.input.split();
            let sent = server.stream.write_all(&said).await;
            sent.map_err(Failure::Server)?;
            watch.passed(Direction::Client, &said);
            server.turn.is(Direction::Server);
        }
        let packet = tokio::select! {
            packet = server.receive() => packet.map_err(Failure::Server)?,
            read = read_buf(client.stream, &mut client.input) => {
                if read.map_err(Failure::Client)? == 0 {
                    return Ok(());
                }
                continue;
            }
        };
        let packet = packet.ok_or_else(|| Failure::Server(end()))?;
        let sent = client.stream.write_all(&packet.wire).await;
        sent.map_err(Failure::Client)?;
        watch.passed(Direction::Server, &packet.wire);
        client.next = packet.sequence_id.wrapping_add(1);
        if verdict(&packet.payload).is_some() {
            return Ok(());
        }
        server.turn.is(speaks_next(&packet.payload));
    }
}
