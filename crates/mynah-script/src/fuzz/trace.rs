use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use mynah_session::{Handler, Statement};
use serde_json::{Map, Value};

use crate::Positions;
use crate::document::Json;
use crate::outline::Places;
use crate::plan::{Plan, Playback};
use crate::session::Session;
use crate::vm::OfJson;

/// Fuzz target: reads a text as a JSON script and sends it statements. Panics unless the script is refused or each
/// statement is answered, and unless it means the same as a JavaScript value where the rules for JSON and for
/// scripts are the same.
pub fn trace(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let path = Path::new("t.json");
    if let Ok(plan) = Plan::read(path, &text, false) {
        play(plan);
    }
    let Ok(value) = serde_json::from_str::<Value>(&text) else {
        return;
    };
    let mut json = Json::<true>::default();
    let as_json = Plan::from_json(path, &mut json, &value, false);
    let as_json = as_json.map_err(|misfit| misfit.to_string());
    let as_script = SCRIPT.with_borrow_mut(|script| script.as_mut()?.plan(&value));
    let Some(as_script) = as_script else {
        return;
    };
    if means_the_same(&value) {
        assert_eq!(format!("{as_json:#?}"), format!("{as_script:#?}"));
    }
    if let Ok(plan) = as_script {
        play(plan);
    }
}

/// Answers some statements.
fn play(plan: Plan) {
    let mut session = Session::new(
        Playback::new(Arc::new(plan), &Positions::default()),
        Arc::new(Places::new(Path::new("t.json"), None)),
        false,
    );
    let _ = session.greeting();
    let _ = session.login(&Default::default());
    let _ = session.notices();
    for text in ["SELECT 1", "select ?", ""] {
        let _ = session.prepare(&Statement::query(text));
        let _ = session.statement(&Statement::query(text));
        let _ = session.replicate(&Statement::query(text));
    }
}

/// Whether a value has nothing that JavaScript sees in another way than JSON: numbers of more than 53
/// bits or with an exponent or `.0`, which a cell of type JSON keeps, keys that all objects have, and entries that are lists,
/// which have a length.
fn means_the_same(value: &Value) -> bool {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.unsigned_abs() < 1 << 53,
            None => number
                .as_f64()
                .is_some_and(|float| ryu_js::Buffer::new().format(float) == number.to_string()),
        },
        Value::Array(elements) => elements.iter().all(means_the_same),
        Value::Object(members) => {
            !has_keys_of_objects(members)
                && !has_indexes(members)
                && members.values().all(means_the_same)
        }
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

fn has_keys_of_objects(members: &Map<String, Value>) -> bool {
    const KEYS: &[&str] = &["__proto__", "toJSON", "toString", "valueOf"];
    KEYS.iter().any(|key| members.contains_key(*key))
}

/// Keys that JavaScript puts in front of others, in the order of numbers.
fn has_indexes(members: &Map<String, Value>) -> bool {
    members.keys().any(|key| key.parse::<u32>().is_ok())
}

thread_local! {
    static SCRIPT: RefCell<Option<OfJson>> = RefCell::new(OfJson::new());
}
