use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use mynah_classic::Capabilities;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{Completion, Failure, Outcome, Reply, ResultSet};

use crate::gate::{Admitted, Decision, GateCommand, Gatekeeper, Held, Standing};

/// Fuzz target: panics unless everything that a client sends passes or is dropped, in order, as a gate decides,
/// however the bytes are cut.
///
/// The first byte chooses the protocol and how the rest is cut into pieces, the second the state of the connection.
pub fn gate(data: &[u8]) {
    let Some((&[form, standing], wire)) = data.split_first_chunk() else {
        return;
    };
    let mut asked = standing;
    let decide = move |command: &GateCommand<'_>| {
        assert!(command.payload().len() <= command.len());
        asked = asked.wrapping_add(1);
        match asked % 7 {
            0 => Decision::answer(Outcome::Ok(Completion::default())),
            // Rows, after a time.
            4 => Decision::Answer(Box::new(Reply {
                exec_time: Duration::from_secs(asked.into()),
                ..Reply::from(Outcome::Rows(rows()))
            })),
            1 => Decision::Refuse(Failure::general(1105, "no")),
            2 => Decision::Delay(Duration::from_secs(asked.into())),
            // It is forgotten at once.
            3 => Decision::Hold(Held::new().0),
            _ => Decision::Pass,
        }
    };
    let mut keeper = Gatekeeper::new(Box::new(decide), form & 1 != 0);
    let (mut now, mut buffered) = (Instant::now(), 0..0);
    let mut turn = standing;
    while buffered.start < wire.len() {
        let bytes = wire.get(buffered.clone()).unwrap_or_default();
        turn = turn.wrapping_mul(5).wrapping_add(1);
        let standing = match turn % 4 {
            0 if standing & 1 != 0 => Standing::Opaque,
            1 => Standing::AnswerDue,
            _ => Standing::Ready(Capabilities::PROTOCOL_41),
        };
        // A command at which a fault is due passes as a whole.
        let _due = keeper.due(bytes, standing, |command| {
            assert!(command.kind_name().len() > 1);
            let _id = command.prepared_id();
            (turn % 3 == 0).then_some(())
        });
        let admitted = match bytes {
            [] => Admitted::More,
            bytes => keeper.admit(bytes, standing, now),
        };
        match admitted {
            Admitted::Pass(len) | Admitted::Drop(len, _) => {
                assert!(len > 0 && len <= bytes.len(), "{len} of {}", bytes.len());
                buffered.start += len;
            }
            Admitted::More if buffered.end == wire.len() => return,
            Admitted::More => {
                let step = usize::from(form >> 1).max(1);
                buffered.end = (buffered.end + step).min(wire.len());
            }
            Admitted::Wait(until) => {
                now = until.unwrap_or(now);
                let mut cx = Context::from_waker(Waker::noop());
                let _decided = keeper.poll_held(&mut cx, now);
            }
        }
    }
}

fn rows() -> ResultSet {
    ResultSet {
        columns: [ColumnDefinition41::default()].into(),
        rows: [[Some(&b"1"[..])], [None]].into_iter().collect(),
        end: Completion::default(),
        is_out_parameters: false,
    }
}
