use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::Connection;
use crate::filter::Upcoming;

fn parsed(text: &str) -> FaultRule {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn json_of(rule: &FaultRule) -> Json {
    serde_json::to_value(rule).unwrap()
}

#[test]
fn a_rule_is_read_from_words_and_from_json() {
    for (text, json) in [
        (
            "sql ~ commit: after_execute reset_peer",
            json!({"when": "sql ~ commit", "at": "after_execute", "fault": {"reset_peer": true}}),
        ),
        (
            "  command = query and user = 'a:b' :before_forward latency=100  timeout times=3 toxicity=0.5",
            json!({
                "when": "command = query and user = 'a:b'", "at": "before_forward",
                "fault": {"latency": 100, "timeout": true, "toxicity": 0.5}, "times": 3,
            }),
        ),
        (
            "after_execute malformed=junk",
            json!({"at": "after_execute", "fault": {"malformed": "junk"}}),
        ),
        (
            r#"client ~ 10.0.0.1:5000: after_execute{"latency": {"latency": 5, "jitter": 2}}"#,
            json!({
                "when": "client ~ 10.0.0.1:5000", "at": "after_execute",
                "fault": {"latency": {"latency": 5, "jitter": 2}},
            }),
        ),
        (
            "sql ~ ': before_forward timeout': after_execute slicer=3",
            json!({
                "when": "sql ~ ': before_forward timeout'", "at": "after_execute", "fault": {"slicer": 3},
            }),
        ),
    ] {
        let rule = parsed(text);
        assert_eq!(json_of(&rule), json, "{text}");
        assert_eq!(parsed(&json.to_string()), rule, "{text}");
    }
}

#[test]
fn what_is_no_rule_is_refused_with_what_is_wrong() {
    for (text, why) in [
        (
            "",
            "it has no before_forward or after_execute; write sql ~ commit: after_execute reset_peer",
        ),
        ("sql ~ commit: reset_peer", "it has no before_forward"),
        (
            "sql ~ commit: before_execute reset_peer",
            "it has no before_forward",
        ),
        ("sql ~ : after_execute timeout", "when: column 6: "),
        ("qery = 1: after_execute timeout", "when: column 1: "),
        (
            "command = query and latency > 1s: after_execute timeout",
            "when: latency is known only with the answer; a rule can ask for command, sql",
        ),
        ("after_execute", "fault: does nothing"),
        (
            "after_execute resetpeer",
            "fault: unknown key \"resetpeer\"; did you mean \"reset_peer\"?",
        ),
        ("after_execute timeout reset_peer", "has both"),
        ("after_execute timeout timeout=5", "timeout is there twice"),
        (
            "after_execute timeout times=often",
            "times: \"often\" is no number",
        ),
        (
            "before_forward limit_data=5 reset_peer",
            "limit_data is done to the server's answer, and before_forward there is none; use after_execute",
        ),
        ("{", "EOF while parsing"),
        (r#"{"at": "after_execute"}"#, "missing field `fault`"),
        (
            r#"{"at": "soon", "fault": {"timeout": true}}"#,
            "it has no before_forward",
        ),
        (
            r#"{"at": "after_execute", "fault": {"timeout": true}, "time": 1}"#,
            "unknown field `time`",
        ),
    ] {
        let error = text.parse::<FaultRule>().unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
}

#[test]
fn several_are_a_json_list_or_a_line_each() {
    let lines = "# pools\n\nsql ~ commit: after_execute reset_peer\n  after_execute latency=5\n";
    let rules = FaultRule::list(lines).unwrap();
    assert_eq!(rules.len(), 2);
    let json = Json::Array(rules.iter().map(json_of).collect());
    assert_eq!(FaultRule::list(&json.to_string()).unwrap(), rules);
    let one = serde_json::to_string_pretty(&json_of(&rules[0])).unwrap();
    assert_eq!(FaultRule::list(&one).unwrap(), rules[..1]);
    let error = FaultRule::list("after_execute timeout\nnonsense").unwrap_err();
    assert!(
        error.to_string().starts_with("rule 2: it has no"),
        "{error}"
    );
    assert_eq!(FaultRule::list("\n# nothing\n").unwrap(), []);
}

/// The number of the rule that plays a fault at a statement.
fn due(rules: &FaultRules, sql: &str, number: u64, logs_in: bool) -> Option<u64> {
    let about = Connection {
        id: 7,
        ..Connection::default()
    };
    let command = Upcoming {
        about: &about,
        command: "QUERY",
        sql: sql.as_bytes(),
        statement: None,
    };
    let due = rules.due(&UpcomingCommand {
        command,
        number,
        logs_in,
    });
    due.map(|due| due.played(number).rule)
}

fn counts(rules: &FaultRules) -> Vec<(u64, u64, u64)> {
    let rules = rules.list();
    let counts = rules
        .iter()
        .map(|rule| (rule.id(), rule.matched(), rule.played()));
    counts.collect()
}

#[test]
fn the_first_rule_that_holds_plays_as_often_as_it_may() {
    let rules = FaultRules::default();
    assert!(rules.is_empty());
    let lines = "sql ~ commit: after_execute reset_peer times=1\n\
                 sql ~ commit: after_execute timeout toxicity=0\n\
                 after_execute latency=1";
    rules.add(FaultRule::list(lines).unwrap()).unwrap();
    assert_eq!(due(&rules, "COMMIT", 1, false), Some(1));
    assert_eq!(due(&rules, "commit", 2, false), Some(3));
    assert_eq!(due(&rules, "select 1", 3, false), Some(3));
    assert_eq!(counts(&rules), [(1, 2, 1), (2, 1, 0), (3, 2, 2)]);
    assert!(rules.remove(3) && !rules.remove(3));
    assert_eq!(due(&rules, "select 1", 4, false), None);
    rules.clear();
    assert!(rules.is_empty());
    let added = rules.add([parsed("after_execute timeout")]).unwrap();
    assert_eq!(added[0].id(), 4);
}

#[test]
fn a_login_is_only_cut_off() {
    let rules = FaultRules::default();
    let lines = "after_execute reset_peer\nbefore_forward latency=5\nbefore_forward reset_peer";
    rules.add(FaultRule::list(lines).unwrap()).unwrap();
    assert_eq!(due(&rules, "", 1, true), Some(3));
    assert_eq!(due(&rules, "", 2, false), Some(1));
}

#[test]
fn draws_depend_on_seed_connection_and_number_only() {
    let drawn = |seed| {
        let rules = FaultRules::with_seed(seed);
        rules
            .add([parsed("after_execute timeout toxicity=0.5")])
            .unwrap();
        let numbers = (0..64).filter(|&number| due(&rules, "", number, false).is_some());
        numbers.collect::<Vec<_>>()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert!((10..54).contains(&drawn(1).len()), "{:?}", drawn(1));
}

#[test]
fn there_is_a_limit_on_rules() {
    let rules = FaultRules::default();
    let many = vec![parsed("after_execute timeout"); 1000];
    rules.add(many.clone()).unwrap();
    let error = rules.add([many[0].clone()]).unwrap_err();
    assert_eq!(error.to_string(), "there may be 1000 rules");
    assert_eq!(rules.list().len(), 1000);
}

proptest! {
    #[test]
    fn whatever_is_read_as_a_rule_is_the_same_rule_in_json(
        when in prop_oneof![
            Just(String::new()),
            "[a-z:=~'\" {}]{0,20}",
            "sql (=|~|!=|!~) '[^']{0,20}'",
            "command = query and user ~ [a-z:.]{1,9}",
        ],
        colon in prop_oneof![Just(": "), Just(":"), Just("")],
        at in prop_oneof![Just("before_forward"), Just("after_execute"), Just("")],
        fault in prop_oneof![
            Just("reset_peer".to_owned()),
            Just("timeout=5 times=2".to_owned()),
            "[a-z_]{1,9}(=[a-z0-9.]{0,5})?",
            "latency=[0-9]{1,4} toxicity=0\\.[0-9]",
            Just(r#"{"slicer": {"average_size": 2, "delay": 1}}"#.to_owned()),
        ],
    ) {
        let text = format!("{when}{colon}{at} {fault}");
        if let Ok(rule) = text.parse::<FaultRule>() {
            prop_assert_eq!(&parsed(&json_of(&rule).to_string()), &rule);
            prop_assert_eq!(FaultRule::list(&json_of(&rule).to_string()), Ok(vec![rule]));
        }
    }
}
