//! What the fuzz targets do with bytes, so that an ordinary test can replay their corpora.

use std::sync::Arc;

use crate::{Draws, Fault, Framing, Step};

/// Fuzz target: reads a text as the JSON of a fault, and panics if the path of a problem doesn't begin with `fault`.
pub fn fault(data: &[u8]) {
    let Ok(json) = serde_json::from_slice(data) else {
        return;
    };
    match Fault::from_json(&json) {
        Ok(fault) => {
            let mut draws = Draws::new(1, None, 1, 1);
            let _ = fault.latency.map(|latency| latency.draw(&mut draws));
        }
        Err(problems) => assert!(
            problems
                .iter()
                .all(|problem| problem.path.starts_with("fault"))
        ),
    }
}

/// Fuzz target: plays a fault on the bytes of an answer after a NUL, in pieces of two sizes, and panics unless both
/// send the same bytes and end in the same way. Without a malformed packet, they must send the beginning of the
/// answer, and all of it unless the connection ends.
pub fn plan(data: &[u8]) {
    let mut parts = data.splitn(2, |&byte| byte == 0);
    let (Some(fault), Some(answer)) = (parts.next(), parts.next()) else {
        return;
    };
    let Ok(fault) = serde_json::from_slice::<Fault>(fault) else {
        return;
    };
    let fault = Arc::new(Fault {
        toxicity: 1.0,
        ..fault
    });
    let Some(drawn) = fault.draw(Draws::new(1, None, 1, 1)) else {
        return;
    };
    for framing in [Framing::Classic, Framing::X] {
        let played = |size: usize| {
            let (mut sent, mut end) = (Vec::new(), None);
            let mut playing = drawn.play(framing);
            let mut steps = |playing: &mut crate::Playing| {
                while let Some(step) = playing.next() {
                    assert_eq!(end, None, "the end is the last step");
                    match step {
                        Step::Wait(_) => {}
                        Step::Send(bytes) => {
                            assert!(!bytes.is_empty());
                            sent.extend(bytes);
                        }
                        Step::End(how) => end = Some(how),
                    }
                }
            };
            for piece in answer.chunks(size) {
                playing.push(piece);
                steps(&mut playing);
            }
            playing.finish();
            steps(&mut playing);
            (sent, end)
        };
        let (sent, end) = played(answer.len().max(1));
        assert_eq!(played(3), (sent.clone(), end));
        if fault.malformed.is_none() {
            assert!(answer.starts_with(&sent));
            assert!(end.is_some() || sent.len() == answer.len());
        }
    }
}
