use proptest::prelude::*;

use mynah_sql::Reading;

use super::Tokens;

fn canonical(statement: &str) -> String {
    Tokens::of(statement.as_bytes(), Reading::default())
        .unwrap()
        .all()
        .canonical()
}

#[test]
fn case_blanks_and_comments_do_not_matter() {
    for (statement, want) in [
        (
            "SELECT  @@Version_Comment\n LIMIT 1;",
            "select @@version_comment limit 1",
        ),
        ("/* by x */select 1 -- one\n+ 2 # two", "select 1 + 2"),
        ("SHOW /*!40103 GLOBAL*/ VARIABLES", "show global variables"),
        (
            "select '/* A */', \"it''s\", `B c`",
            "select '/* A */' , 'it''s' , B c",
        ),
        ("select 'it''s', 'it\\'s'", "select 'it's' , 'it's'"),
        ("select $$", "select $$"),
        ("select '", "select ''"),
        ("", ""),
    ] {
        assert_eq!(canonical(statement), want, "{statement}");
    }
}

#[test]
fn items_stand_between_commas_outside_of_parentheses() {
    let tokens = Tokens::of(b"a(1, 2), b , (c, (d))", Reading::default()).unwrap();
    let items: Vec<_> = tokens
        .all()
        .items()
        .iter()
        .map(|item| item.as_written())
        .collect();
    assert_eq!(items, ["a(1, 2)", "b", "(c, (d))"]);
}

proptest! {
    #[test]
    fn any_text_is_taken_apart(text in ".{0,80}") {
        if let Some(tokens) = Tokens::of(text.as_bytes(), Reading::default()) {
            let all = tokens.all();
            let _items = all.items();
            prop_assert!(all.as_written().len() <= text.len() + 1);
            let _canonical = all.canonical();
        }
    }
}
