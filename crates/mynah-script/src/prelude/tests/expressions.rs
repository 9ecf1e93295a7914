use super::*;

/// The values are those of MySQL 9.7.4 and MariaDB 10.11.18.
#[test]
fn expressions_have_the_values_that_servers_give_them() {
    for (text, want) in [
        ("select 1", "1"),
        ("select 'it''s', \"a\\nb\", 'a' 'b'", "it's|a\nb|ab"),
        (
            "select 1.5, -1.5, 2*1.5, 1e0+1, 1/3",
            "1.5|-1.5|3.0|2|0.3333",
        ),
        ("select 5 div 2, 5 % 2, 7 & 3, 1/0", "2|1|3|NULL"),
        (
            "select 9223372036854775808, -9223372036854775808",
            "9223372036854775808|-9223372036854775808",
        ),
        (
            "select 1 in (1, 2), not 1, 1 like 1, null is null, 2 between 1 and 3",
            "1|0|1|1|1",
        ),
        (
            "select null = 1, null <=> null, 1 or null, 0 and null, null or 0",
            "NULL|1|1|0|NULL",
        ),
        (
            "select 'a' = 'A', 'a' like 'A%', '10' > 9, 'x' = 0",
            "1|1|1|1",
        ),
        (
            "select if(1, 'a', 2), ifnull(null, 1), coalesce(null, 'x'), nullif(1, 1)",
            "a|1|x|NULL",
        ),
        (
            "select case when 1 then 2 else 'x' end, case 3 when 3 then 'y' end",
            "2|y",
        ),
        (
            "select cast('1' as signed), cast('12abc' as unsigned), cast(1 as char)",
            "1|12|1",
        ),
        (
            "select CAST('test plain returns' AS CHAR(60)) AS anon_1",
            "test plain returns",
        ),
        (
            "select CAST('abc' AS CHAR(2)), convert('a' using utf8mb4), convert('1', signed)",
            "ab|a|1",
        ),
        (
            "select upper('a'), substring('abc', 2), left('abc', 2), right('abc', 1)",
            "A|bc|ab|c",
        ),
        (
            "select substring_index('10.11-x', '-', 1), length('a'), locate('b', 'ab')",
            "10.11|1|2",
        ),
        (
            "select cast('2001-01-01' as datetime)",
            "2001-01-01 00:00:00",
        ),
        ("select (select 1), _utf8mb4'x' collate utf8mb4_bin", "1|x"),
        ("select 1 union select 2 union all select 3 limit 1", "1"),
        ("select 1 from dual where 1 = 1", "1"),
    ] {
        let rows = cells(&mut prelude(), text);
        let first = rows.first().map(|row| row.join("|"));
        assert_eq!(first.as_deref(), Some(want), "{text}");
    }
    for text in [
        "select now()",
        "select current_timestamp",
        "select utc_timestamp()",
        "select curdate()",
    ] {
        let [first] = &cells(&mut prelude(), text)[..] else {
            panic!("{text}");
        };
        assert!(first[0].starts_with("20"), "{text}: {first:?}");
    }
}

#[test]
fn expressions_that_are_too_deep_or_too_long_are_not_answered() {
    let deep = format!("select {}1{}", "(".repeat(500), ")".repeat(500));
    let signs = format!("select {}1", "-".repeat(2_000));
    let nots = format!("select {}1", "not ".repeat(1_500));
    let chain = format!("select 1{}", "+1".repeat(2_000));
    let tests = format!("select 1{}", " between 0 and 2".repeat(400));
    let cases = format!(
        "select {}1{}",
        "case (".repeat(300),
        ") when 1 then 1 end".repeat(300)
    );
    let counts = format!("select {}1{}", "count(".repeat(200), ")".repeat(200));
    let nested = "select max(max(id)) from information_schema.collations".to_owned();
    let selects = format!(
        "select {}1 a{}",
        "a from (select ".repeat(100),
        ") t".repeat(100)
    );
    let too_large = "select 9223372036854775807 * 9223372036854775807".to_owned();
    for text in [
        deep, signs, nots, chain, tests, cases, counts, nested, selects, too_large,
    ] {
        let statement = Statement::query(text.clone());
        assert_eq!(prelude().statement(&statement), None, "{text}");
    }
}

#[test]
fn a_statement_that_asks_for_too_much_work_is_not_answered() {
    let collations = ["information_schema.collations"; 3].join(", ");
    let product = format!("select count(*) from {collations}");
    let pattern = format!(
        "select '{}' like '{}b'",
        "a".repeat(4_000),
        "%a".repeat(1_500)
    );
    for text in [product.clone(), pattern] {
        let statement = Statement::query(text);
        assert_eq!(prelude().statement(&statement), None);
    }
    // For tools it is empty, rather than an error.
    let prelude = &mut of_version("11.8.2-MariaDB", PreludeKind::Tools);
    let count = prelude.statement(&Statement::query(product));
    assert_eq!(
        table(count.map(|reply| reply.outcome)).1,
        [[Some("0".to_owned())]]
    );
}

#[test]
fn values_of_users_do_not_grow_without_bound() {
    let prelude = &mut prelude();
    completion(ask(prelude, "set @a = 'aaaaaaaaaaaaaaaa'"));
    let mut answered = 0;
    while ask(prelude, "set @a = concat(@a, @a)").is_some() {
        answered += 1;
        assert!(answered < 32);
    }
    let lengths = cells(prelude, "select length(@a)");
    assert_eq!(lengths, [["8192"]]);
    let names = (0..300).map(|index| format!("set @v{index} = 1"));
    let kept = names.filter(|text| prelude.statement(&Statement::query(text.clone())).is_some());
    assert_eq!(kept.count(), 255);
}

#[test]
fn variables_of_users_are_kept_until_the_session_is_reset() {
    let prelude = &mut prelude();
    completion(ask(prelude, "SET @a=1, @b := 2.5, @`c d` = 'x', @D = @a"));
    let rows = cells(prelude, "select @a, @b, @'c d', @d, @nope, @a + 1");
    assert_eq!(rows, [["1", "2.5", "x", "NULL", "NULL", "2"]]);
    prelude.reset();
    assert_eq!(cells(prelude, "select @a"), [["NULL"]]);
}
