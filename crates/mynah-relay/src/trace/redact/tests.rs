use mynah_session::sql::Settings;

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
    assert_eq!(without(&sql[..].into(), &secrets), "select (hidden), 5");
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
