use proptest::prelude::*;

use crate::{Characters, Comments, Piece, Pieces, Reading, TokenKind, Tokens, literal};

/// The tokens with a blank between each.
fn cut(sql: &[u8], reading: Reading) -> String {
    let tokens = Tokens::new(sql, reading);
    let texts = tokens.map(|token| String::from_utf8_lossy(&sql[token.range]).into_owned());
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn comments_are_left_out_and_what_servers_run_is_not() {
    let of_server = |version, is_mariadb| Reading {
        comments: Comments::OfServer {
            version,
            is_mariadb,
        },
        ..Reading::default()
    };
    let (mysql, mariadb) = (of_server(90_704, false), of_server(110_809, true));
    for (sql, reading, want) in [
        ("/* a */select 1 -- b\n+ 2 # c", mysql, "select 1 + 2"),
        ("select 1--1", mysql, "select 1 - - 1"),
        (
            "select '/* a */', `-- b`",
            mysql,
            "select '/* a */' , `-- b`",
        ),
        ("select /*!40101 1, */ 2", mysql, "select 1 , 2"),
        ("select /*!99999 1, */ 2", mysql, "select 2"),
        ("select /*!80000 1, */ 2", mariadb, "select 2"),
        ("select /*M!100100 1, */ 2", mariadb, "select 1 , 2"),
        ("select /*M!100100 1, */ 2", mysql, "select 2"),
        ("select /*!99999 /* a */ 1, */ 2", mysql, "select 2"),
        ("select /*! '*/' */ 2", mysql, "select '*/' 2"),
    ] {
        assert_eq!(cut(sql.as_bytes(), reading), want, "{sql}");
    }
}

#[test]
fn quotes_mean_what_the_sql_mode_says() {
    let kinds = |sql: &str, reading| -> Vec<_> {
        let tokens = Tokens::new(sql.as_bytes(), reading);
        tokens.map(|token| token.kind).collect()
    };
    let plain = Reading::default();
    let ansi = Reading {
        ansi_quotes: true,
        ..plain
    };
    let no_escapes = Reading {
        no_backslash_escapes: true,
        ..plain
    };
    use TokenKind::{Name, Placeholder, Sign, Text};
    assert_eq!(kinds("'a'\"b\"`c`", plain), [Text, Text, Name]);
    assert_eq!(kinds("'a'\"b\"`c`", ansi), [Text, Name, Name]);
    assert_eq!(kinds(r"'a\', ?", plain), [Text]);
    assert_eq!(
        kinds(r"'a\', ?", no_escapes),
        [Text, Sign(b','), Placeholder]
    );
}

#[test]
fn a_character_of_two_bytes_may_end_in_what_looks_like_a_backslash() {
    let sql = b"'\x95\x5c', ?";
    let sjis = Reading {
        characters: Characters::of("cp932"),
        ..Reading::default()
    };
    assert_eq!(Tokens::new(sql, sjis).count(), 3);
    let mut tokens = Tokens::new(sql, Reading::default());
    assert_eq!(tokens.by_ref().count(), 1);
    assert!(tokens.is_torn());
}

#[test]
fn a_literal_has_the_content_that_servers_take() {
    for (quoted, want) in [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r"'a\nb\\'", "a\nb\\"),
        (r"'a\_b\%'", r"a\_b\%"),
        ("`a``b`", "a`b"),
        (r"`a\n`", r"a\n"),
        ("'", ""),
        ("", ""),
    ] {
        let content = literal::content(quoted.as_bytes(), Reading::default());
        assert_eq!(content, want.as_bytes(), "{quoted}");
    }
    assert_eq!(literal::hex(b"4D79"), Some(b"My".to_vec()));
    assert_eq!(literal::hex(b"4D7"), None);
    assert_eq!(literal::hex(b"4g"), None);
}

#[test]
fn pieces_say_where_comments_stand() {
    let sql = b"/*! 1 */ /* a */";
    let pieces: Vec<_> = Pieces::new(sql, Reading::default()).collect();
    assert!(matches!(
        &pieces[..],
        [Piece::Comment(mark), Piece::Token(_), Piece::Comment(end), Piece::Comment(plain)]
            if (mark, end, plain) == (&(0..3), &(6..8), &(9..16))
    ));
}

proptest! {
    #[test]
    fn anything_is_cut_into_pieces(data in proptest::collection::vec(any::<u8>(), 0..100)) {
        crate::fuzz::pieces(&data);
    }

    #[test]
    fn texts_with_marks_and_quotes_are_cut_into_pieces(how: u8, text in "[a'\"`\\\\/*!M#\\-5 \n]{0,60}") {
        crate::fuzz::pieces(&[&[how], text.as_bytes()].concat());
    }
}
