//! Keys that a result doesn't have.

use serde_json::json;

use crate::load_with;

#[test]
fn a_misspelt_key_of_a_result_is_an_error_that_names_it() {
    let result = json!({"columns": [{"name": "a", "type": "LONG"}], "row_file": {"rows": 1}});
    for (answer, place) in [
        (json!({"result": result}), "answers[0].result: "),
        (
            json!({"results": [{"ok": {}}, {"result": result}]}),
            "answers[0].results[1].result: ",
        ),
    ] {
        let (_dir, script) =
            load_with(&json!({"t7": [{"stmt": "a", "answers": [answer]}]}), |_| {});
        let problem = script.problem().unwrap();
        let said = format!("part t7: {place}unknown key \"row_file\"; did you mean \"rows_file\"?");
        assert!(problem.contains(&said), "{problem}");
    }
}
