use bytes::Bytes;
use mynah_session::sql::Settings;
use mynah_sql::Reading;

use super::*;
use crate::trace::shown::Shown;

fn rules(own: &[Rule]) -> Rules<'_> {
    Rules { hides: true, own }
}

fn names<'a>(name: &'a str, org_name: &'a str, schema: &'a str, org_table: &'a str) -> Names<'a> {
    Names {
        name: name.as_bytes(),
        org_name: org_name.as_bytes(),
        schema: schema.as_bytes(),
        org_table: org_table.as_bytes(),
    }
}

#[test]
fn columns_are_hidden_by_name_by_table_and_as_expressions_of_what_is_secret() {
    for (column, is_secret, hides) in [
        (names("generated password", "", "", ""), false, true),
        (
            names(
                "authentication_string",
                "authentication_string",
                "mysql",
                "user",
            ),
            false,
            true,
        ),
        (names("x", "User_attributes", "mysql", "user"), false, true),
        (names("priv", "Priv", "mysql", "global_priv"), false, true),
        (names("priv", "priv", "shop", "global_priv"), false, false),
        (names("password('SEKRET')", "", "", ""), true, true),
        (names("name", "name", "shop", "users"), true, false),
        (
            names("password_expired", "password_expired", "mysql", "user"),
            false,
            false,
        ),
        (names("Host", "Host", "mysql", "user"), false, false),
    ] {
        assert_eq!(column.hides_cells(is_secret, rules(&[])), hides);
    }
    let expression = names("password('SEKRET')", "", "", "");
    assert!(expression.hides_name(true, rules(&[])));
    assert!(!expression.hides_name(
        true,
        Rules {
            hides: false,
            own: &[]
        }
    ));
}

#[test]
fn cells_are_hidden_by_what_is_in_them() {
    let text = |text: &'static str| Shown::Bytes(text.into());
    let hidden = |mut cells: Vec<Shown>, all| {
        hidden_cells(
            &mut cells,
            |_| false,
            RowCells {
                all,
                rules: rules(&[]),
            },
        );
        cells
    };
    for text_with_password in [
        "CREATE USER `x` IDENTIFIED WITH 'caching_sha2_password' AS '$A$005$SEKRET'",
        "{\"name\": \"x\", \"password\": \"SEKRET\"}",
        "mysql://u:SEKRET@h/d",
    ] {
        assert_eq!(
            hidden(vec![text(text_with_password)], false),
            [Shown::Hidden]
        );
    }
    assert_eq!(
        hidden(vec![text("wsrep_sst_auth"), text("u:SEKRET")], false),
        [text("wsrep_sst_auth"), Shown::Hidden]
    );
    let plain = vec![text("it's the user's name"), Shown::Null];
    assert_eq!(hidden(plain.clone(), false), plain);
    assert_eq!(hidden(plain, true), [Shown::Hidden, Shown::Null]);
}

#[test]
fn rules_hide_what_they_match() {
    let own: Vec<Rule> = vec!["[0-9]{16}".parse().unwrap(), "(?i)^iban$".parse().unwrap()];
    let rules = rules(&own);
    let sql = b"select 1234567890123456, 5";
    let secrets = rules.secrets(sql, &Settings::default());
    let hidden =
        |hidden_as: HiddenAs| hidden_as.without(&sql[..].into(), &secrets, Reading::default());
    assert_eq!(hidden(HiddenAs::Word), "select (hidden), 5");
    assert_eq!(hidden(HiddenAs::Literal), "select '***', 5");
    assert!(names("IBAN", "iban", "shop", "users").hides_cells(false, rules));
    assert!(rules.hide_value(b"card 1234567890123456"));
    assert!(!rules.hide_value(b"card 12"));
    let number = Shown::Number("1234567890123456".to_owned());
    assert_eq!(rules.shown(number), Shown::Hidden);
    assert_eq!(
        "a(".parse::<Rule>().unwrap_err().to_string(),
        "unclosed group"
    );
}

#[test]
fn literals_stand_for_secrets_and_stay_in_the_quotes_of_the_string_that_they_are_in() {
    for (rule, sql, wanted) in [
        (
            "[0-9]{4,}",
            "select 'card 1111 and 2222', 33333",
            "select 'card *** and ***', '***'",
        ),
        ("'ada'", "select 'ada', \"ada\"", "select '***', \"ada\""),
        ("b', .*c", "select 'ab', 1, 'cd', 'e'", "select '***', 'e'"),
        (
            "ada",
            "select 'ada', ada, `ada`",
            "select '***', '***', `***`",
        ),
        (
            "d. .e",
            "select 'a d', 'e', 'a d' 'e f' 'g'",
            "select 'a d', 'e', '***' 'g'",
        ),
        ("a 1|1.*b", "select 'a 1 1', 2, 'b c', 3", "select '***', 3"),
    ] {
        let rules = [rule.parse().unwrap()];
        let secrets = self::rules(&rules).secrets(sql.as_bytes(), &Settings::default());
        let sql = Bytes::copy_from_slice(sql.as_bytes());
        let hidden = in_literals(&sql, &secrets, Reading::default());
        assert_eq!(String::from_utf8_lossy(&hidden), wanted, "{rule}");
    }
}
