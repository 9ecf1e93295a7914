use bytes::Bytes;
use mynah_expect::{Call, Value};
use mynah_session::{Outcome, Reply};

/// Asks a client for the file that its own statement names, where the recorded statement, which was looked up in its place,
/// names another one.
pub(super) fn ask_for_own_file(reply: &mut Reply, call: &Call, looked_up: &Call) {
    let asked = std::iter::once(&mut reply.outcome).chain(&mut reply.more);
    let asked = asked.filter_map(|outcome| match outcome {
        Outcome::LocalInfile(file) => Some(file),
        _ => None,
    });
    for file in asked {
        let recorded = looked_up.values();
        let is_name =
            |value: &Value| matches!(value, Value::Text(text) if *text.as_bytes() == file.filename);
        let own = recorded.iter().position(is_name);
        if let Some(Value::Text(own)) = own.and_then(|at| call.values().into_iter().nth(at)) {
            file.filename = Bytes::from(own);
        }
    }
}
