use super::*;

#[test]
fn lists_are_shown_by_any_condition_on_their_columns() {
    let prelude = &mut prelude();
    let first = |prelude: &mut Client, text| cells(prelude, text).first().map(|row| row.join("|"));
    for (text, want) in [
        (
            "show charset where charset = 'latin1'",
            "latin1|cp1252 West European|latin1_swedish_ci|1",
        ),
        (
            "show character set like 'latin1'",
            "latin1|cp1252 West European|latin1_swedish_ci|1",
        ),
        (
            "show collation where id = 8",
            "latin1_swedish_ci|latin1|8|Yes|Yes|1|PAD SPACE",
        ),
        (
            "SHOW COLLATION WHERE `Default` = 'Yes' AND Charset LIKE 'utf8mb4'",
            "utf8mb4_0900_ai_ci|utf8mb4|255|Yes|Yes|0|NO PAD",
        ),
        (
            "show collation where charset in ('latin1', 'x') and not (id < 48) and sortlen >= 1",
            "latin1_general_ci|latin1|48||Yes|1|PAD SPACE",
        ),
        (
            "show variables where variable_name = 'autocommit' or value = 'InnoDB'",
            "autocommit|ON",
        ),
        (
            "show global variables where value like 'inno%'",
            "default_storage_engine|InnoDB",
        ),
        (
            "show engines",
            "ndbcluster|NO|Clustered, fault-tolerant tables|NULL|NULL|NULL",
        ),
    ] {
        assert_eq!(first(prelude, text).as_deref(), Some(want), "{text}");
    }
    assert_eq!(
        refused(prelude, "show collation where nope = 1"),
        (1054, "Unknown column 'nope' in 'where clause'".to_owned())
    );
    assert!(cells(prelude, "show collation where id > 8 and id < 0").is_empty());
}

#[test]
fn tables_that_a_mock_lacks_are_counted_as_none() {
    let prelude = &mut prelude();
    let exists = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'zoo' AND table_name = 't'";
    assert_eq!(cells(prelude, exists), [["0"]]);
    let schema = "select count(*) from information_schema.schemata where schema_name = 'zoo'";
    assert_eq!(cells(prelude, schema), [["1"]]);
    let names = "SELECT character_set_name, count(*) FROM information_schema.collations \
                 WHERE character_set_name like 'latin_' GROUP BY 1 ORDER BY 2 desc, 1 LIMIT 1";
    assert_eq!(ask(prelude, names), None);
    let names = "SELECT character_set_name c, count(*) n FROM information_schema.collations \
                 WHERE character_set_name like 'latin_' GROUP BY character_set_name ORDER BY n desc LIMIT 1";
    assert_eq!(cells(prelude, names), [["latin1", "8"]]);
}

#[test]
fn tools_get_lists_of_what_there_is_and_empty_ones_of_the_rest() {
    let prelude = &mut of_version("9.7.4", PreludeKind::Tools);
    assert_eq!(
        cells(prelude, "SHOW DATABASES"),
        [["information_schema"], ["zoo"]]
    );
    assert_eq!(cells(prelude, "show schemas like 'z%'"), [["zoo"]]);
    assert!(
        cells(
            prelude,
            "SHOW FULL TABLES FROM `zoo` WHERE Table_type = 'VIEW'"
        )
        .is_empty()
    );
    assert!(cells(prelude, "show tables").is_empty());
    assert!(cells(prelude, "show tables from information_schema").len() > 50);
    let columns = cells(
        prelude,
        "show columns from information_schema.schemata like 'schema_n%'",
    );
    assert_eq!(columns[0][0], "SCHEMA_NAME");
    for text in [
        "show table status from zoo like 't'",
        "show triggers",
        "SHOW INDEX FROM t",
        "select * from information_schema.tables where table_schema = 'zoo'",
        "SELECT policy_name FROM performance_schema.column_masking_policy",
        "SELECT DISTINCT a, b FROM INFORMATION_SCHEMA.FILES WHERE a IN (SELECT b FROM x WHERE c) ORDER BY a",
        "select t.table_name, c.column_name from information_schema.tables t join \
         information_schema.columns c using (table_name) where t.x regexp 'y' order by 1",
        "select table_name as n from information_schema.partitions where exists (select 1)",
        "select user, host from mysql.user",
        "show binary logs",
    ] {
        assert!(cells(prelude, text).is_empty(), "{text}");
    }
    let schemas = "SELECT *, CAST(BIN_NAME AS CHAR CHARACTER SET utf8) AS SCHEMA_NAME FROM (SELECT BINARY \
                   s.SCHEMA_NAME AS BIN_NAME FROM `information_schema`.SCHEMATA s GROUP BY BINARY \
                   s.SCHEMA_NAME ORDER BY BINARY `SCHEMA_NAME` ASC) a";
    let want = ["information_schema", "zoo"].map(|name| [name, name]);
    assert_eq!(cells(prelude, schemas), want);
    let first_levels = "SELECT `SCHEMA_NAME` FROM `INFORMATION_SCHEMA`.`SCHEMATA`, (SELECT DB_first_level FROM \
        ( SELECT DISTINCT SUBSTRING_INDEX(SCHEMA_NAME, '_', 1) DB_first_level FROM \
        INFORMATION_SCHEMA.SCHEMATA WHERE TRUE ) t ORDER BY DB_first_level ASC LIMIT 0, 100) t2 WHERE TRUE \
        AND 1 = LOCATE(CONCAT(DB_first_level, '_'), CONCAT(SCHEMA_NAME, '_')) ORDER BY SCHEMA_NAME ASC";
    assert_eq!(
        cells(prelude, first_levels),
        [["information_schema"], ["zoo"]]
    );
    let left = "select s.schema_name, count(t.trigger_name) from information_schema.schemata s left join \
                information_schema.triggers t on t.trigger_schema = s.schema_name group by s.schema_name";
    assert_eq!(
        cells(prelude, left),
        [["information_schema", "0"], ["zoo", "0"]]
    );
    let count = "SELECT (COUNT(a) DIV 100) * 100 from (SELECT distinct 1 a FROM INFORMATION_SCHEMA.SCHEMATA) t";
    assert_eq!(cells(prelude, count), [["0"]]);
    assert_eq!(refused(prelude, "show create table t").0, 1146);
    assert_eq!(refused(prelude, "show master status").0, 1064);
    let grants = cells(prelude, "show grants for current_user()");
    assert_eq!(
        grants,
        [["GRANT ALL PRIVILEGES ON *.* TO `ada`@`localhost` WITH GRANT OPTION"]]
    );
    completion(ask(prelude, "UNLOCK TABLES"));
    assert_eq!(ask(prelude, "select * from zoo.t"), None);
    assert_eq!(
        ask(prelude, "insert into information_schema.tables values (1)"),
        None
    );
}

#[test]
fn what_tools_were_seen_to_ask_is_answered() {
    for (version, asked) in [
        ("9.7.4", include_str!("../asked/mysql.txt")),
        ("10.11.18-MariaDB", include_str!("../asked/mariadb.txt")),
    ] {
        let prelude = &mut of_version(version, PreludeKind::Tools);
        let statements = asked.lines().filter(|line| !line.starts_with('#'));
        let unanswered = |text: &&str| {
            let statement = Statement::query((*text).to_owned());
            prelude.statement(&statement).is_none()
        };
        let unanswered: Vec<_> = statements.filter(unanswered).collect();
        assert!(unanswered.is_empty(), "{version}: {unanswered:#?}");
    }
}
