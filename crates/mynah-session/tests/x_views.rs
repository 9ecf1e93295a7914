//! Messages about views: what the handler is asked, and what is refused as by MySQL 9.7.4.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use mynah_session::StatementCommand;
use mynah_x::crud::{Collection, Find, ModifyView};
use x_support::{Talk, error, is_ok};

fn named(name: &str) -> Collection {
    Collection {
        name: name.to_owned(),
        schema: Some("zoo".to_owned()),
    }
}

#[test]
fn a_changed_view_has_the_select_statement_of_the_message() {
    let mut talk = Talk::logged_in();
    let modify = ModifyView {
        collection: named("birds"),
        column: vec!["name".to_owned()],
        stmt: Some(Find {
            collection: named("animals"),
            data_model: Some(2),
            ..Find::default()
        }),
        ..ModifyView::default()
    };
    assert!(is_ok(&talk.say(modify)));
    assert_eq!(talk.asked[0].command, StatementCommand::ModifyView);
    assert_eq!(
        talk.asked[0].text,
        "ALTER VIEW `zoo`.`birds` (`name`) AS SELECT * FROM `zoo`.`animals`"
    );
}

#[test]
fn a_changed_view_without_a_select_statement_is_refused() {
    let mut talk = Talk::logged_in();
    // Before the name is looked at.
    for name in ["birds", ""] {
        let modify = ModifyView {
            collection: named(name),
            column: vec!["name".to_owned()],
            ..ModifyView::default()
        };
        let said = talk.say(modify);
        let missing = "The field that defines the select statement is required";
        assert_eq!(error(&said), (5012, missing), "{name:?}");
    }
    assert!(talk.asked.is_empty() && !talk.closed);
    assert!(is_ok(&talk.say(mynah_x::session::Reset::default())));
}
