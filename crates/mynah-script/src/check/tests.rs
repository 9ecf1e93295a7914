use std::path::Path;
use std::thread;

use crate::{Checked, STACK_SIZE, Script, ScriptOptions};

/// What is wrong with a script of this name.
fn check_with(name: &str, text: &str, is_compatible: bool) -> Checked {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    let options = ScriptOptions {
        compatible: is_compatible,
        ..ScriptOptions::default()
    };
    let check = move || Script::check(Path::new(&path), options).unwrap();
    let thread = thread::Builder::new().stack_size(STACK_SIZE);
    thread::scope(|scope| thread.spawn_scoped(scope, check).unwrap().join().unwrap())
}

fn check(name: &str, text: &str) -> Vec<String> {
    let findings = check_with(name, text, false).findings;
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_script_without_problems_has_no_findings() {
    for (name, text) in [
        (
            "t.json",
            "{\"stmts\": [{\"ok\": {\"warnings\": 1}}], \"defaults\": {\"exec_time\": 1}}",
        ),
        (
            "t.js",
            "({stmts: function () {}, handshake: function () {}})",
        ),
        (
            "t.js",
            "({stmts: [{stmt: 'a', result: {columns: [{name: 'a', type: 'LONG'}], rows: [[1], ['2'], , [null]]}}]})",
        ),
        (
            "t.js",
            "({stmts: [], expectations: [{stmt: 'a', error: 'ER_LOCK_DEADLOCK'}, {stmt: 'b', ok: {}}]})",
        ),
    ] {
        assert_eq!(check(name, text), [""; 0], "{text}");
    }
}

#[test]
fn types_of_sql_are_unknown_in_compatible_mode_only() {
    let text = "({stmts: [{result: {columns: [{name: 'a', type: 'int unsigned'}, {name: 'b', type: 'TEXT'}], rows: [[1, '']]}}]})";
    assert_eq!(check("t.js", text), [""; 0]);
    let findings = check_with("t.js", text, true).findings;
    assert_eq!(findings.len(), 2, "{findings:?}");
    let text = text.replace("int unsigned", "INTT");
    let said = check("t.js", &text);
    assert!(said[0].ends_with("did you mean \"INT\"?"), "{said:?}");
}

#[test]
fn rows_of_objects_need_no_columns_but_in_compatible_mode() {
    let text = "({stmts: [{result: {rows: [{a: 1}, {a: null}]}}]})";
    assert_eq!(check("t.js", text), [""; 0]);
    assert_eq!(check_with("t.js", text, true).findings.len(), 1);
    let said = check("t.js", &text.replace("a: null", "b: 1"));
    assert!(
        said[0].ends_with("row 2: there is no column 'b'"),
        "{said:?}"
    );
    let text = "({stmts: [{result: {columns: ['a', 'b'], rows: [[1, 2]]}}]})";
    assert_eq!(check("t.js", text), [""; 0]);
    assert!(!check_with("t.js", text, true).findings.is_empty());
    let said = check("t.js", &text.replace("'b'", "{name: 'b'}"));
    assert!(said[0].contains("columns[1]: "), "{said:?}");
    let said = check("t.js", &text.replace("[1, 2]", "[1]"));
    assert!(
        said[0].contains("the row has 1 cells, but there are 2 columns"),
        "{said:?}"
    );
}

#[test]
fn unknown_keys_types_and_rows_are_all_found_with_their_positions() {
    let json = r#"{
  "strcit": true,
  "loop": 1,
  "stmts": [
    {"stmt": "a", "result": {"columns": [{"name": "a", "type": "LNG"}, {"name": "b", "type": "STRING"}],
      "rows": [[1, 2], [1], [1, 2, 3], 4]}},
    {"okay": {}},
    {"ok": {"affected_rows": -1}},
    {"error": {"code": "1", "sql_state": "1"}}
  ]
}"#;
    let expected = [
        "2:3: strcit: unknown key \"strcit\"; did you mean \"strict\"?",
        "3:11: loop: needs true or false, but is 1",
        "5:64: stmts[0].result.columns[0].type: there is no \"LNG\"; did you mean \"LONG\"?",
        "6:24: stmts[0].result.rows[1]: the row has 1 cells, but there are 2 columns",
        "6:29: stmts[0].result.rows[2]: the row has 3 cells, but there are 2 columns",
        "6:40: stmts[0].result.rows[3]: needs an array of cells, but is 4",
        "7:5: stmts[1]: the entry has no answer; give it one of ok, error, result, results, out_parameters, \
         local_infile, binlog, packets",
        "7:6: stmts[1].okay: unknown key \"okay\"; did you mean \"ok\"?",
        "8:30: stmts[2].ok.affected_rows: needs a whole number, not negative, but is -1",
        "9:15: stmts[3].error: the key \"message\" is missing",
        "9:24: stmts[3].error.code: needs a number from 0 to 65535, but is \"1\"",
        "9:42: stmts[3].error.sql_state: needs 5 characters, but has 1",
    ];
    assert_eq!(check("t.json", json), expected);
    let script: Vec<_> = check("t.js", &format!("({json})"));
    assert_eq!(script, expected);
}

#[test]
fn a_handshake_that_its_reader_refuses_is_found() {
    for (handshake, found) in [
        ("greeting: {capabilities: ['moon']}", "moon"),
        (
            "greeting: {nonce: 'abc'}",
            "handshake.greeting.nonce must be 8 bytes or more, is 3",
        ),
        ("auth: {full: 'moon'}", "moon"),
        (
            "auth: []",
            "handshake.auth needs one account at least; without auth, any user may log in",
        ),
        ("auth: [{}, {public_key: 'moon'}]", "moon"),
        (
            "error: {code: 1, message: 'x'}, fault: {latency: 1}",
            "handshake has both error and fault; leave one out",
        ),
    ] {
        let said = check(
            "t.js",
            &format!("({{stmts: [],\nhandshake: {{{handshake}}}}})"),
        );
        assert_eq!(said.len(), 1, "{handshake}: {said:?}");
        assert!(said[0].starts_with("2:12: handshake: "), "{said:?}");
        assert!(said[0].contains(found), "{said:?}");
    }
    let script = "({stmts: [], handshake: {auth: {auth_method_name: 'moon'}}})";
    let said = check("t.js", script);
    assert!(
        said[0].contains("handshake.auth.auth_method_name: there is no \"moon\""),
        "{said:?}"
    );
    let fine = "({stmts: [], handshake: {greeting: {capabilities: ['local_files']}, auth: [{full: 'first'}]}})";
    assert_eq!(check("t.js", fine), [""; 0]);
    for method in mynah_auth::Method::ALL {
        let script = format!(
            "({{stmts: [], handshake: {{auth: {{auth_method_name: '{}'}}}}}})",
            method.name()
        );
        let is_refused = method == mynah_auth::Method::OldPassword;
        assert_eq!(!check("t.js", &script).is_empty(), is_refused, "{method:?}");
    }
}

#[test]
fn mistakes_in_faults_and_packets_are_found() {
    let entry = "{fault: {latency: 5}}, {packets: [{hex: '00'}, {type: 1, hex: ''}]}";
    let fine = format!(
        "({{handshake: {{fault: {{timeout: true}}, auth: {{fault: {{slicer: 1}}}}}}, stmts: [{entry}], \
         expectations: [{{stmt: 'a', fault: {{reset_peer: true}}}}, {{stmt: 'b', packets: []}}]}})"
    );
    assert_eq!(check("t.js", &fine), [""; 0]);
    let json = r#"{"stmts": [
  {"fault": {"latncy": 5}},
  {"ok": {}, "fault": {"latency": {"latency": -1}, "toxicity": 2}},
  {"packets": [{"hexx": "00"}]}
], "expectations": [
  {"stmt": "a", "fault": {"timeout": 1, "reset_peer": 1}}
], "handshake": {"fault": 1}}"#;
    assert_eq!(
        check("t.json", json),
        [
            "2:14: stmts[0].fault.latncy: unknown key \"latncy\"; did you mean \"latency\"?",
            "3:47: stmts[1].fault.latency.latency: needs a number of milliseconds from 0 to 86400000, but is -1",
            "3:64: stmts[1].fault.toxicity: needs a probability from 0 to 1, but is 2",
            "4:17: stmts[2].packets[0].hexx: unknown key \"hexx\"; did you mean \"hex\"?",
            "6:26: expectations[0].fault: has both \"timeout\" and \"reset_peer\"; leave one out",
            "7:27: handshake.fault: needs an object, such as {\"latency\": 100}, but is 1",
        ]
    );
}

#[test]
fn statements_may_be_left_out_where_there_are_expectations() {
    assert_eq!(check("t.js", "({})"), ["1:2: the key \"stmts\" is missing"]);
    let script = "({expectations: [{stmt: 'a', ok: {}}]})";
    assert_eq!(check("t.js", script), [""; 0]);
}

#[test]
fn what_the_readers_refuse_is_found_as_well() {
    let script = "({stmts: [{ok: {}},\n {results: []}]})";
    assert_eq!(
        check("t.js", script),
        ["2:2: stmts[1]: results: expected one at least"]
    );
}

#[test]
fn syntax_errors_have_line_and_column() {
    let json = check("t.json", "{\n \"stmts\": [}");
    assert!(json[0].starts_with("2:"), "{json:?}");
    let script = check("t.js", "({\n stmts: [}\n})");
    assert!(script[0].starts_with("2:"), "{script:?}");
    let thrown = check("t.js", "var a;\nnull.x;\n({stmts: []})");
    assert!(thrown[0].starts_with("2:"), "{thrown:?}");
}

#[test]
fn blob_columns_with_a_text_collation_are_found() {
    let script = "({stmts: [{result: {columns: [{name: 'a', type: 'BLOB'}, {name: 'b', type: 'BLOB', character_set: 63}]}}]})";
    let found = check("t.js", script);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("1:49: stmts[0].result.columns[0].type: a BLOB column "),
        "{found:?}"
    );
}

#[test]
fn true_in_a_column_of_numbers_is_a_problem_in_compatible_mode() {
    let script = "({stmts: [{result: {columns: [{name: 'a', type: 'LONG'}], rows: [[true]]}}]})";
    assert_eq!(check_with("t.js", script, false).findings, []);
    let found = check_with("t.js", script, true).findings;
    assert!(
        found[0]
            .message
            .contains("is the text \"true\" in compatible mode"),
        "{found:?}"
    );
}

#[test]
fn expectations_that_can_never_match_or_never_be_reached_are_found() {
    let script = "({stmts: [], expectations: [
{stmt_prefix: 'select '},
{stmt: 'select 1', times: 1},
{stmt: 'b', when: 'open', scenario: 'door'},
{stmt: 'c', command: 'find', protocol: 'classic'},
{stmt: 'd', error: 'ER_NO_SUCH'},
{stmt: 'e', ok: {afected_rows: 1}},
{stnt: 'f'},
]})";
    let found = check("t.js", script);
    let begins = |index: usize, start: &str| {
        assert!(found[index].starts_with(start), "{start} in {found:#?}");
    };
    begins(0, "6:20: expectations[4].error: ");
    begins(
        1,
        "7:18: expectations[5].ok.afected_rows: unknown key \"afected_rows\"; did you mean \"affected_rows\"?",
    );
    begins(
        2,
        "8:1: expectations[6]: unknown key \"stnt\"; did you mean \"stmt\"?",
    );
    let found = check("t.js", &script.replace("{stnt: 'f'},", ""));
    let begins = |index: usize, start: &str| {
        assert!(found[index].starts_with(start), "{start} in {found:#?}");
    };
    begins(
        0,
        "3:1: expectations[1]: is never reached: expectations[0] answers all that it matches; ",
    );
    begins(
        1,
        "4:1: expectations[2]: can never match: no entry has then: \"open\" in the scenario \"door\"",
    );
    begins(
        2,
        "5:1: expectations[3]: can never match: the command find is one of the X Protocol",
    );
}

#[test]
fn an_expectation_of_a_command_that_runs_no_statement_is_reached_behind_one_of_any_statement() {
    let script = "{\"stmts\": [], \"expectations\": [{\"ok\": {}},
{\"command\": \"init_db\", \"error\": \"ER_BAD_DB_ERROR\"},
{\"stmt\": \"a\", \"command\": \"prepare\", \"error\": \"ER_PARSE_ERROR\"}]}";
    assert_eq!(check("t.json", script), Vec::<String>::new());
}

#[test]
fn the_class_comes_with_its_reason() {
    for (name, text, expected) in [
        ("t.json", "{\"stmts\": []}", "static: it is JSON"),
        (
            "t.js",
            "({stmts: []})",
            "static: it is data, and depends on nothing else",
        ),
        (
            "t.js",
            "({stmts: function () {}})",
            "factory: its value contains functions",
        ),
        ("t.js", "x = 1; ({stmts: function () {}})", "isolated: "),
    ] {
        let checked = check_with(name, text, false);
        let class = match checked.class {
            crate::Class::Isolated(_) => "isolated".to_owned(),
            class => class.to_string(),
        };
        let said = format!("{class}: {}", checked.reason);
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn values_without_an_end_are_looked_at_up_to_a_depth() {
    let script = "var a = {ok: {}}; a.ok.self = a; ({stmts: [a]})";
    let found = check("t.js", script);
    assert!(found[0].contains("unknown key \"self\""), "{found:?}");
}

#[test]
fn places_of_a_bare_object_are_those_of_the_file() {
    let text = "/**/ {stmts: [{okk: {}}],\n expectations: [{stmtt: 'a'}]}";
    let said = check("t.js", text);
    let places = said.iter().filter_map(|said| said.split(": ").next());
    assert_eq!(
        places.collect::<Vec<_>>(),
        ["1:15", "1:16", "2:17"],
        "{said:?}"
    );
}

#[test]
fn columns_need_types_in_compatible_mode_only() {
    let text = "({stmts: [{result: {columns: [{name: 'a'}], rows: [[1]]}}]})";
    assert_eq!(check("t.js", text), [""; 0]);
    let findings = check_with("t.js", text, true).findings;
    let said: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(
        said.iter()
            .any(|said| said.ends_with("the key \"type\" is missing")),
        "{said:?}"
    );
}

#[test]
fn answers_of_expectations_have_the_same_rules_in_each_mode_and_format() {
    let text = r#"{"stmts": [], "expectations": [{"stmt": "a", "result":
        {"columns": [{"name": "a", "type": "BIGINT UNSIGNED"}, {"name": "b"}], "rows": [[true, 1]]}}]}"#;
    for name in ["t.js", "t.json"] {
        let script = if name == "t.js" {
            format!("({text})")
        } else {
            text.to_owned()
        };
        assert_eq!(check_with(name, &script, true).findings, [], "{name}");
    }
    let text = r#"{"stmts": [{"ok": {"warnings": 1}}], "expectations": [{"stmt": "a", "ok": {"warnings": 1}}]}"#;
    let found = check("t.json", text);
    assert!(
        matches!(&found[..], [one] if one.contains("expectations[0].ok.warnings: needs an array")),
        "{found:?}"
    );
}

#[test]
fn an_sql_state_has_one_byte_a_character() {
    let script = r#"({stmts: [{error: {code: 1, message: "", sql_state: "HY0é"}}]})"#;
    let said = check("t.js", script);
    assert_eq!(
        said,
        ["1:53: stmts[0].error.sql_state: must be ASCII, is 'HY0é'"]
    );
}
