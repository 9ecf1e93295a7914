use super::*;
use mynah_sql::{Comments, Reading};

fn digest(sql: &str) -> String {
    let comments = Comments::OfServer {
        version: 90_704,
        is_mariadb: false,
    };
    let reading = Reading {
        comments,
        ..Reading::default()
    };
    digest_text(sql, reading)
}

#[test]
fn digests_are_what_mysql_says() {
    for (sql, expected) in DIGESTS {
        assert_eq!(digest(sql), *expected, "{sql}");
    }
}

#[test]
fn the_digest_of_a_digest_is_itself() {
    for (_, text) in DIGESTS {
        assert_eq!(digest(text), *text);
    }
}

#[test]
fn white_space_outside_quotes_makes_no_difference() {
    let same = [
        "select name, 'a  b' from t where id=1",
        "select  name ,\n'a  b'\tfrom t where id = 1",
        "select name,'a  b' from t where id = 1.0",
        "select name, \"a  b\" from t where id=+1",
    ];
    for text in same {
        assert_eq!(Statement::new(text), Statement::new(same[0]), "{text}");
    }
    for text in [
        "select name, 'a b' from t where id=1",
        "SELECT name, 'a  b' from t where id=1",
        "select name, 'a  b' from t where id=2",
        "select name, 'a  b' from t where id=-1",
        "select name, 'a  b' from t where id=1 -- x",
    ] {
        assert_ne!(Statement::new(text), Statement::new(same[0]), "{text}");
    }
}

#[test]
fn literals_have_the_values_that_a_server_reads() {
    let statement = Statement::new(
        r"select 1, -1.5e3, 'it''s\n', _binary'x', x'4142', 0x41, b'101', null, true, a-1, a is null, N'n'",
    );
    let values: Vec<String> = statement
        .slots()
        .iter()
        .map(|slot| match slot {
            Slot::Literal(value) => format!("{value:?}"),
            Slot::Placeholder => "?".to_owned(),
        })
        .collect();
    let expected = [
        Value::from(1_i64),
        Value::from(-1500_i64),
        Value::from("it's\n"),
        Value::from("x"),
        Value::Bytes(b"AB".to_vec()),
        Value::Bytes(b"A".to_vec()),
        Value::Bytes(vec![5]),
        Value::Null,
        Value::from(1_i64),
        Value::from(1_i64),
        Value::from("n"),
    ];
    assert_eq!(values, expected.map(|value| format!("{value:?}")));
}

#[test]
fn a_comment_with_a_test_id_is_taken_out() {
    for (text, left, id) in [
        ("select 1 /*mynah_test='t7'*/", "select 1", "t7"),
        ("/*mynah_test='t7'*/ select 1", "select 1", "t7"),
        ("select /* mynah_test = t7 */ 1", "select 1", "t7"),
        ("select/*mynah_test=\"t7\"*/1", "select 1", "t7"),
        ("select 1 /*mynah_test='a%20b%2Bc'*/", "select 1", "a b+c"),
        (
            "select 1 /*a='1',mynah_test='t7',b='2'*/",
            "select 1 /*a='1',b='2'*/",
            "t7",
        ),
    ] {
        let (statement, found) = Statement::with_test_id(text, Reading::default());
        assert_eq!(
            (statement.text(), found.as_deref()),
            (left, Some(id)),
            "{text}"
        );
    }
    for text in [
        "select '/*mynah_test=t7*/'",
        "select 1 /* not mynah_test */",
        "select 1 -- mynah_test='t7'",
        "select 1 /*mynah_test=''*/",
    ] {
        let (statement, found) = Statement::with_test_id(text, Reading::default());
        assert_eq!((statement.text(), found), (text, None), "{text}");
    }
}

use crate::value::Value;

/// What MySQL 9.7.4 said.
const DIGESTS: &[(&str, &str)] = &[
    (
        "select * from t where a in (1) and b in (1,2) and c in (a,1) and d in (1,a,2,3) and e not in (1,2)",
        "SELECT * FROM `t` WHERE `a` IN (...) AND `b` IN (...) AND `c` IN ( `a` , ? ) AND `d` IN ( ? , `a` , ?, ... ) AND `e` NOT IN (...)",
    ),
    (
        "insert into t values (1),(2),(3)",
        "INSERT INTO `t` VALUES (?) /* , ... */",
    ),
    (
        "insert into t values (1,2),(2,3)",
        "INSERT INTO `t` VALUES (...) /* , ... */",
    ),
    (
        "insert into t (a,b) values (1,now()),(2,now())",
        "INSERT INTO `t` ( `a` , `b` ) VALUES ( ? , NOW ( ) ) , ( ? , NOW ( ) )",
    ),
    ("insert into t values (1,2)", "INSERT INTO `t` VALUES (...)"),
    (
        "insert into t values (1,null),(null,3)",
        "INSERT INTO `t` VALUES (...) /* , ... */",
    ),
    (
        "create table t (a int not null, b int default null, c varchar(10) default 'x', key (a), primary key(b))",
        "CREATE TABLE `t` ( `a` INTEGER NOT NULL , `b` INTEGER DEFAULT ? , `c` VARCHARACTER (?) DEFAULT ? , KEY ( `a` ) , PRIMARY KEY ( `b` ) )",
    ),
    ("select a from t limit 10", "SELECT `a` FROM `t` LIMIT ?"),
    (
        "select a from t limit 1,10",
        "SELECT `a` FROM `t` LIMIT ?, ...",
    ),
    (
        "select a from t limit 10 offset 5;",
        "SELECT `a` FROM `t` LIMIT ? OFFSET ?",
    ),
    (
        "select *, `a`.`b`, a.b, `A b`.c, t.* from t",
        "SELECT * , `a` . `b` , `a` . `b` , `A b` . `c` , `t` . * FROM `t`",
    ),
    (
        "select a->'$.x', a->>'$.y' from t",
        "SELECT `a` -> ? , `a` ->> ? FROM `t`",
    ),
    ("select @a:=1", "SELECT @? := ?"),
    (
        "select @`c`, @@sql_mode, @@global.max_connections",
        "SELECT @`c` , @@`sql_mode` , @@GLOBAL . `max_connections`",
    ),
    (
        "select /*+ NO_INDEX_MERGE(t) MAX_EXECUTION_TIME(1000) */ 1 from t",
        "SELECT /*+ NO_INDEX_MERGE ( `t` ) MAX_EXECUTION_TIME (?) */ ? FROM `t`",
    ),
    (
        "select count(*), count(a), sum(a), now(), curdate(), user(), current_user, current_timestamp, substring(a,1,2), mid(a,1,2), date_add(a, interval 1 day) from t",
        "SELECT COUNT ( * ) , COUNT ( `a` ) , SUM ( `a` ) , NOW ( ) , CURDATE ( ) , SYSTEM_USER ( ) , CURRENT_USER , NOW , SUBSTRING ( `a` , ?, ... ) , SUBSTRING ( `a` , ?, ... ) , DATE_ADD ( `a` , INTERVAL ? SQL_TSI_DAY ) FROM `t`",
    ),
    ("select count from t", "SELECT `count` FROM `t`"),
    ("call p(1,2)", "CALL `p` (...)"),
    (
        "select a from t where a between 1 and 2 and b like '%x' escape '|'",
        "SELECT `a` FROM `t` WHERE `a` BETWEEN ? AND ? AND `b` LIKE ? ESCAPE ?",
    ),
    ("show tables like 'x%'", "SHOW TABLES LIKE ?"),
    (
        "select * from t where a = 'x' and b in (select 1)",
        "SELECT * FROM `t` WHERE `a` = ? AND `b` IN ( SELECT ? )",
    ),
    (
        "select ((1)), f((1),(2)), (1), (2)",
        "SELECT ( (?) ) , `f` ( (?) /* , ... */ ) , (?) /* , ... */",
    ),
    (
        "select a from t group by 1,2 with rollup",
        "SELECT `a` FROM `t` GROUP BY 1 , 2 WITH ROLLUP",
    ),
    ("select ä, `ö` from tü", "SELECT `ä` , `ö` FROM `tü`"),
    (
        "select * from t where (a,b) in ((1,2))",
        "SELECT * FROM `t` WHERE ( `a` , `b` ) IN ( (...) )",
    ),
    (
        "select - - 1, a * -1, a and -1",
        "SELECT ? , `a` * ? , `a` AND ?",
    ),
    (
        "select - - a, + a, -f(1), a+-1, a|-1, a-(-1), 1-1, 'a'-1",
        "SELECT - - `a` , + `a` , - `f` (?) , `a` + ? , `a` | ? , `a` - (?) , ? - ?, ... - ?",
    ),
    ("select 1 -1, 1-1", "SELECT ? - ?, ... - ?"),
    (
        "select a from t where a in (1,   2,/* x */3) and b in ('a')",
        "SELECT `a` FROM `t` WHERE `a` IN (...) AND `b` IN (...)",
    ),
    (
        "select a from t where a in ((1),(2))",
        "SELECT `a` FROM `t` WHERE `a` IN ( (?) /* , ... */ )",
    ),
    (
        "update t set a = 1, b = 'x' where c = null",
        "UPDATE `t` SET `a` = ? , `b` = ? WHERE `c` = ?",
    ),
    (
        "select a from t where not -1 = a or -1 xor -2",
        "SELECT `a` FROM `t` WHERE NOT ? = `a` OR ? XOR ?",
    ),
    (
        "select a from t where a regexp 'x' and a rlike 'y' and a sounds like 'z'",
        "SELECT `a` FROM `t` WHERE `a` RLIKE ? AND `a` RLIKE ? AND `a` SOUNDS LIKE ?",
    ),
    (
        "select 1, a, 2, 3, b, 4, (5), (6), (7, 8), (9, 10)",
        "SELECT ? , `a` , ?, ... , `b` , ? , (?) /* , ... */ , (...) /* , ... */",
    ),
    ("select 'a' 'b', 'c'", "SELECT ? ?, ..."),
    (
        "select _binary'a', _latin1 'b', binary 'c', N'd', X'41'",
        "SELECT (_charset) ? , (_charset) ? , BINARY ?, ...",
    ),
    ("replace into t set a=1", "REPLACE INTO `t` SET `a` = ?"),
    (
        "delete from t where a = -1 limit 1",
        "DELETE FROM `t` WHERE `a` = ? LIMIT ?",
    ),
    (
        "lock tables t read, u write",
        "LOCK TABLES `t` READ , `u` WRITE",
    ),
    (
        "select sql_no_cache distinct a from t",
        "SELECT SQL_NO_CACHE DISTINCTROW `a` FROM `t`",
    ),
    (
        "select distinctrow a from t use index (x)",
        "SELECT DISTINCTROW `a` FROM `t` USE INDEX ( `x` )",
    ),
    (
        "select a from t for update",
        "SELECT `a` FROM `t` FOR UPDATE",
    ),
    (
        "select date '2020-01-01' + interval '1' day_hour",
        "SELECT DATE ? + INTERVAL ? DAY_HOUR",
    ),
    (
        "select cast(a as char), convert(a, char(10)), convert(a using utf8mb4), cast(1 as decimal(10,2)), cast(a as unsigned) from t",
        "SELECT CAST ( `a` AS CHARACTER ) , CONVERT ( `a` , CHARACTER (?) ) , CONVERT ( `a` USING `utf8mb4` ) , CAST ( ? AS DECIMAL (...) ) , CAST ( `a` AS UNSIGNED ) FROM `t`",
    ),
    (
        "select a from t where a is not true and b is unknown",
        "SELECT `a` FROM `t` WHERE `a` IS NOT TRUE AND `b` IS UNKNOWN",
    ),
    (
        "select extract(year from a), trim(leading 'x' from a), position('a' in b), char(1,2 using latin1), json_extract(a, '$') from t",
        "SELECT EXTRACT ( YEAR FROM `a` ) , TRIM ( LEADING ? FROM `a` ) , POSITION ( ? IN `b` ) , CHARACTER ( ?, ... USING `latin1` ) , `json_extract` ( `a` , ? ) FROM `t`",
    ),
    (
        "select a from t1 left outer join t2 using (id) natural join t3 cross join t4 straight_join t5",
        "SELECT `a` FROM `t1` LEFT OUTER JOIN `t2` USING ( `id` ) NATURAL JOIN `t3` CROSS JOIN `t4` STRAIGHT_JOIN `t5`",
    ),
    (
        "select char_length(a), character_length(b), database(), schema(), `count`(1), session_user(), system_user()",
        "SELECT `char_length` ( `a` ) , `character_length` ( `b` ) , SCHEMA ( ) , SCHEMA ( ) , `count` (?) , SYSTEM_USER ( ) , SYSTEM_USER ( )",
    ),
    (
        "select row_number() over (partition by a order by b rows between 1 preceding and current row) from t",
        "SELECT ROW_NUMBER ( ) OVER ( PARTITION BY `a` ORDER BY `b` ROWS BETWEEN ? PRECEDING AND CURRENT ROW ) FROM `t`",
    ),
    (
        "select rank() over w from t window w as (order by a)",
        "SELECT RANK ( ) OVER `w` FROM `t` WINDOW `w` AS ( ORDER BY `a` )",
    ),
    (
        "select get_lock('a',1), is_used_lock('b'), rand(), last_insert_id()",
        "SELECT `get_lock` (...) , `is_used_lock` (?) , `rand` ( ) , `last_insert_id` ( )",
    ),
    (
        r"load data local infile 'x' into table t fields terminated by ',' lines terminated by '\n' ignore 1 lines",
        "LOAD DATA LOCAL INFILE ? INTO TABLE `t` FIELDS TERMINATED BY ? LINES TERMINATED BY ? IGNORE ? LINES",
    ),
    ("select `select` from `from`", "SELECT `select` FROM `from`"),
    ("flush tables", "FLUSH TABLES"),
    ("kill 5", "KILL ?"),
    ("use x", "USE `x`"),
    (
        "select a.b.c from a.b",
        "SELECT `a` . `b` . `c` FROM `a` . `b`",
    ),
    (
        r#"select 1 as `x`, 2 'y', 3 "z", 4 q"#,
        "SELECT ? AS `x` , ? ?, ... ?, ... `q`",
    ),
    (
        "select a from t where a=1 and(b=2)or(c=-3)",
        "SELECT `a` FROM `t` WHERE `a` = ? AND ( `b` = ? ) OR ( `c` = ? )",
    ),
    ("select -1", "SELECT ?"),
    ("select (-1)-1", "SELECT (?) - ?"),
    (
        "insert into t values (-1, +2), (3, - 4)",
        "INSERT INTO `t` VALUES (...) /* , ... */",
    ),
    (
        "insert into t values (1), (a), (2), (3)",
        "INSERT INTO `t` VALUES (?) , ( `a` ) , (?) /* , ... */",
    ),
    (
        "insert into t values (), ()",
        "INSERT INTO `t` VALUES ( ) , ( )",
    ),
    (
        "insert into t values (default), (1, default)",
        "INSERT INTO `t` VALUES ( DEFAULT ) , ( ? , DEFAULT )",
    ),
    (
        "insert into t(a) values (1) on duplicate key update a = values(a) + 1",
        "INSERT INTO `t` ( `a` ) VALUES (?) ON DUPLICATE KEY UPDATE `a` = VALUES ( `a` ) + ?",
    ),
    (
        "select a from t where b = 1 /* c1 */ and /* c2 */ c = 2 # end",
        "SELECT `a` FROM `t` WHERE `b` = ? AND `c` = ?",
    ),
    ("select a--1", "SELECT `a` - ?"),
    ("select a -- 1", "SELECT `a`"),
    (
        "alter table t add column x int unsigned not null auto_increment comment 'c', add index i (x), drop foreign key f",
        "ALTER TABLE `t` ADD COLUMN `x` INTEGER UNSIGNED NOT NULL AUTO_INCREMENT COMMENT ? , ADD INDEX `i` ( `x` ) , DROP FOREIGN KEY `f`",
    ),
    (
        "select * from t where a member of (b) and c in (1) or match(a) against ('x' in boolean mode)",
        "SELECT * FROM `t` WHERE `a` MEMBER OF ( `b` ) AND `c` IN (...) OR MATCH ( `a` ) AGAINST ( ? IN BOOLEAN MODE )",
    ),
    ("select 0b01, b'01', 0B01", "SELECT ?, ... , `0B01`"),
    (
        "select a from t where a in (null) and b in (1, null) and c in (true, 1)",
        "SELECT `a` FROM `t` WHERE `a` IN (...) AND `b` IN (...) AND `c` IN ( TRUE , ? )",
    ),
    ("values row(1,2), row(3,4)", "VALUES ROW (...) , ROW (...)"),
    (
        "select f(1), f(1,2), f((1,2)), f(a, (1), (2), (3))",
        "SELECT `f` (?) , `f` (...) , `f` ( (...) ) , `f` ( `a` , (?) /* , ... */ )",
    ),
    (
        "select if(a, null, 1), nullif(null, null), a <=> null",
        "SELECT IF ( `a` , ?, ... ) , `nullif` (...) , `a` <=> ?",
    ),
    (
        "create table t (a int null default null, b int not null)",
        "CREATE TABLE `t` ( `a` INTEGER NULL DEFAULT ? , `b` INTEGER NOT NULL )",
    ),
    (
        "select not 1, !-1, ~-1, -~1",
        "SELECT NOT ? , ! - ? , ~ - ? , - ~ ?",
    ),
    (
        "select a from t where a>-1 and b<-1 and c>=-1 and d<=-1 and e<>-1 and f!=-1",
        "SELECT `a` FROM `t` WHERE `a` > ? AND `b` < ? AND `c` >= ? AND `d` <= ? AND `e` != ? AND `f` != ?",
    ),
    (
        "select all -1, distinct_ , a like -1, a in (a, -1), a/-1, a div -1, a mod -1, a%-1, a&-1, a^-1, a<<-1",
        "SELECT ALL - ? , `distinct_` , `a` LIKE ? , `a` IN ( `a` , ? ) , `a` / ? , `a` DIV ? , `a` MOD ? , `a` % ? , `a` & ? , `a` ^ ? , `a` << ?",
    ),
    (
        "select -1 from t where -1 having -1 order by -1 limit 1",
        "SELECT ? FROM `t` WHERE - ? HAVING - ? ORDER BY - ? LIMIT ?",
    ),
    (
        "select a from t group by 1",
        "SELECT `a` FROM `t` GROUP BY 1",
    ),
    (
        "select a from t order by 1, 2",
        "SELECT `a` FROM `t` ORDER BY 1 , 2",
    ),
    (
        "select a from t order by 1 desc, 2",
        "SELECT `a` FROM `t` ORDER BY 1 DESC , 2",
    ),
    (
        "select a from t group by 1 order by 2",
        "SELECT `a` FROM `t` GROUP BY 1 ORDER BY 2",
    ),
    (
        "select a from t group by a+1, 1",
        "SELECT `a` FROM `t` GROUP BY `a` + ?, ...",
    ),
    (
        "select a from t group by 'x', 2",
        "SELECT `a` FROM `t` GROUP BY ?, ...",
    ),
    (
        "select case -1 when -1 then -1 else -1 end",
        "SELECT CASE ? WHEN ? THEN ? ELSE ? END",
    ),
    (
        "select interval -1 day + '2020-01-01', a between -1 and -2 from t",
        "SELECT INTERVAL ? SQL_TSI_DAY + ? , `a` BETWEEN ? AND ? FROM `t`",
    ),
    (
        "select @a := -1, a <=> -1, a || -1, a && -1, a xor -1",
        "SELECT @? := - ? , `a` <=> ? , `a` || ? , `a` && ? , `a` XOR ?",
    ),
    (
        "select if(-1, -1, -1), a in (select -1), exists (select -1), any_value(-1), a rlike -1 from t",
        "SELECT IF (...) , `a` IN ( SELECT ? ) , EXISTS ( SELECT ? ) , `any_value` (?) , `a` RLIKE ? FROM `t`",
    ),
    (
        "select date_add(a, interval -1 day) from t",
        "SELECT DATE_ADD ( `a` , INTERVAL ? SQL_TSI_DAY ) FROM `t`",
    ),
    (
        "select cast(-1 as signed), convert(-1, char), -1 collate utf8mb4_bin, a collate utf8mb4_bin from t",
        "SELECT CAST ( ? AS SIGNED ) , CONVERT ( ? , CHARACTER ) , ? COLLATE `utf8mb4_bin` , `a` COLLATE `utf8mb4_bin` FROM `t`",
    ),
    ("insert into t set a = -1", "INSERT INTO `t` SET `a` = ?"),
    (
        "insert into t values (-1) on duplicate key update a = -1",
        "INSERT INTO `t` VALUES (?) ON DUPLICATE KEY UPDATE `a` = ?",
    ),
    ("select distinct -1", "SELECT DISTINCTROW - ?"),
    ("select distinct 1", "SELECT DISTINCTROW ?"),
    (
        "select sql_calc_found_rows -1",
        "SELECT SQL_CALC_FOUND_ROWS - ?",
    ),
    ("select 1 as a, -1 as b", "SELECT ? AS `a` , ? AS `b`"),
    (
        "select a from t where a = any (select -1)",
        "SELECT `a` FROM `t` WHERE `a` = SOME ( SELECT ? )",
    ),
    (
        "select a -> '$.a' from t where -1",
        "SELECT `a` -> ? FROM `t` WHERE - ?",
    ),
    (
        "select * from t where (-1) and ((-1))",
        "SELECT * FROM `t` WHERE (?) AND ( (?) )",
    ),
    ("select +-1, -+-1, - +1, +a-+1", "SELECT ?, ... , + `a` - ?"),
    (
        "select a - - 1, a - -1 from t",
        "SELECT `a` - ? , `a` - ? FROM `t`",
    ),
    ("select 1*-1, 1 - - 1", "SELECT ? * ?, ... - ?"),
    ("do -1", "DO - ?"),
    ("do 1, -1", "DO ?, ..."),
    ("set @a = -1", "SET @? = ?"),
    ("set @a = - -1", "SET @? = ?"),
    ("set @x := - 1", "SET @? := - ?"),
    (
        "select char(-1), mod(-1, 2), left(-1,1), trim(-1), trim(both -1 from -1)",
        "SELECT CHARACTER (?) , MOD (...) , LEFT (...) , TRIM (?) , TRIM ( BOTH - ? FROM - ? )",
    ),
    ("select mod(5,-1), 5 mod -1", "SELECT MOD (...) , ? MOD ?"),
    (
        "select a from t limit 5, 10",
        "SELECT `a` FROM `t` LIMIT ?, ...",
    ),
    (
        "select binary -1, binary 'a'",
        "SELECT BINARY - ? , BINARY ?",
    ),
    (
        "select a sounds like -1, a regexp -1, a not like -1, a not between -1 and -1, a not in (-1) from t",
        "SELECT `a` SOUNDS LIKE ? , `a` RLIKE ? , `a` NOT LIKE ? , `a` NOT BETWEEN ? AND ? , `a` NOT IN (...) FROM `t`",
    ),
    (
        "select group_concat(a order by -1 separator ',') from t",
        "SELECT GROUP_CONCAT ( `a` ORDER BY - ? SEPARATOR ? ) FROM `t`",
    ),
    (
        "select 1.0, -.5, -1e3, - 0x10, -'a', -null, -true, -now()",
        "SELECT ?, ... , - ? , - ? , - TRUE , - NOW ( )",
    ),
    (
        "select -'a', -null, - 0x10, -x'10', -b'1'",
        "SELECT - ? , - ?, ...",
    ),
    ("select 'a' - 'b', 'a', - 'b'", "SELECT ? - ?, ... , - ?"),
    (r#"select @'x y', @`x y`, @"q""#, "SELECT @? , @`x y` , @?"),
    ("select @a.b, @ a", "SELECT @? , @? `a`"),
    (
        "create user 'a'@'h', b@`c`, d",
        "CREATE SYSTEM_USER ? @? , `b` @`c` , `d`",
    ),
    (
        "create user a@localhost identified with 'x' by 'y'",
        "CREATE SYSTEM_USER `a` @? IDENTIFIED WITH ? BY ?",
    ),
    ("select N'a', n'b', n 'c'", "SELECT ?, ... , `n` ?"),
    (
        "select _utf8mb4 'a', _utf8mb4'b', _foo 'c', _foo",
        "SELECT (_charset) ? , (_charset) ? , `_foo` ? , `_foo`",
    ),
    (
        "select _utf8mb4 0x41, _utf8mb4 x'41', _utf8mb4 b'01'",
        "SELECT (_charset) ? , (_charset) ? , (_charset) ?",
    ),
    (
        "select a , b from t where t.a=1 and `t`.`select`=2",
        "SELECT `a` , `b` FROM `t` WHERE `t` . `a` = ? AND `t` . `select` = ?",
    ),
    (
        "select x.`y z`.w from t",
        "SELECT `x` . `y z` . `w` FROM `t`",
    ),
    ("select 1 -- comment", "SELECT ?"),
    ("select 1 # c", "SELECT ?"),
    ("select 1; -- x", "SELECT ?"),
    ("/* a */ select /* b */ 1 /* c */", "SELECT ?"),
    (
        "select /*!80000 1 + */ 1, /*!99999 a, */ 2",
        "SELECT ? + ?, ...",
    ),
    ("select /*+ */ 1", "SELECT ?"),
    (
        "select /*+ BKA(t1) */ 1, /*+ x */ 2",
        "SELECT /*+ BKA ( `t1` ) */ ?, ...",
    ),
    (
        "insert /*+ SET_VAR(sort_buffer_size = 16M) */ into t values (1)",
        "INSERT /*+ SET_VAR ( `sort_buffer_size` = ? ) */ INTO `t` VALUES (?)",
    ),
    (
        "select {d '2020-01-01'}, {ts '2020-01-01 00:00:00'}, {fn now()}",
        "SELECT { `d` ? } , { `ts` ? } , { `fn` NOW ( ) }",
    ),
    (
        "select t.*, 1 from t, u",
        "SELECT `t` . * , ? FROM `t` , `u`",
    ),
    (
        "select a.* from t a, (select 1) as b",
        "SELECT `a` . * FROM `t` `a` , ( SELECT ? ) AS `b`",
    ),
    ("select *from t", "SELECT * FROM `t`"),
    ("select .5e-3, 1.e3, 1.5e+3, 5.", "SELECT ?, ..."),
    ("select t1.5 from t", "SELECT `t1` . `5` FROM `t`"),
    ("select 00123, 1e10, 18446744073709551616", "SELECT ?, ..."),
    (
        "start transaction with consistent snapshot",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
    ),
    ("commit and chain", "COMMIT AND CHAIN"),
    ("rollback to savepoint x", "ROLLBACK TO SAVEPOINT `x`"),
    ("savepoint `x`", "SAVEPOINT `x`"),
    ("set transaction read only", "SET TRANSACTION READ ONLY"),
    ("analyze table t", "ANALYZE TABLE `t`"),
    ("describe t", "EXPLAIN `t`"),
    ("desc t", "DESC `t`"),
    ("show create table t", "SHOW CREATE TABLE `t`"),
    (
        "show full columns from t like 'x'",
        "SHOW FULL FIELDS FROM `t` LIKE ?",
    ),
    ("show index from t", "SHOW INDEX FROM `t`"),
    ("show keys in t", "SHOW KEYS IN `t`"),
    ("show variables like 'x%'", "SHOW VARIABLES LIKE ?"),
    (
        "show session status where variable_name = 'x'",
        "SHOW SESSION STATUS WHERE `variable_name` = ?",
    ),
    ("show warnings limit 10", "SHOW WARNINGS LIMIT ?"),
    ("truncate t", "TRUNCATE `t`"),
    (
        "drop table if exists t, u",
        "DROP TABLE IF EXISTS `t` , `u`",
    ),
    (
        "create index i on t (a desc)",
        "CREATE INDEX `i` ON `t` ( `a` DESC )",
    ),
    (
        "create database if not exists x character set utf8mb4 collate utf8mb4_bin",
        "CREATE SCHEMA IF NOT EXISTS `x` CHARACTER SET `utf8mb4` COLLATE `utf8mb4_bin`",
    ),
    (
        "alter database x default charset = latin1",
        "ALTER SCHEMA `x` DEFAULT CHARSET = `latin1`",
    ),
    (
        "create table t (a bigint unsigned auto_increment primary key, b char(5) charset latin1, c decimal(10, 2), d datetime(6) default current_timestamp(6) on update now(6), e enum('a','b'), f double precision, g json, h varbinary(5), i int8, j real, k numeric(1), l bool, m year, n dec, o integer, p timestamp null default null) engine=innodb default charset=utf8mb4 comment='x'",
        "CREATE TABLE `t` ( `a` INT8 UNSIGNED AUTO_INCREMENT PRIMARY KEY , `b` CHARACTER (?) CHARSET `latin1` , `c` DECIMAL (...) , `d` DATETIME (?) DEFAULT NOW (?) ON UPDATE NOW (?) , `e` ENUM (...) , `f` FLOAT8 PRECISION , `g` JSON , `h` VARBINARY (?) , `i` INT8 , `j` REAL , `k` NUMERIC (?) , `l` BOOL , `m` YEAR , `n` DECIMAL , `o` INTEGER , `p` TIMESTAMP NULL DEFAULT ? ) ENGINE = `innodb` DEFAULT CHARSET = `utf8mb4` COMMENT = ?",
    ),
    (
        "select a from t partition (p0, p1) where a = 1 lock in share mode",
        "SELECT `a` FROM `t` PARTITION ( `p0` , `p1` ) WHERE `a` = ? LOCK IN SHARE MODE",
    ),
    (
        "select a from t for share skip locked",
        "SELECT `a` FROM `t` FOR SHARE SKIP LOCKED",
    ),
    (
        "select sum(distinct a), max(a), min(b), avg(c), std(a), variance(a), stddev(a), bit_and(a), json_arrayagg(a), json_objectagg(a,b), group_concat(a) from t",
        "SELECT SUM ( DISTINCTROW `a` ) , MAX ( `a` ) , MIN ( `b` ) , AVG ( `c` ) , STDDEV_POP ( `a` ) , VAR_POP ( `a` ) , STDDEV_POP ( `a` ) , BIT_AND ( `a` ) , JSON_ARRAYAGG ( `a` ) , JSON_OBJECTAGG ( `a` , `b` ) , GROUP_CONCAT ( `a` ) FROM `t`",
    ),
    (
        "select now(6), sysdate(), utc_date(), utc_timestamp(), localtime(), current_date(), current_time(), curtime(), unix_timestamp(), date_format(a,'%Y'), adddate(a, 1), subdate(a, interval 1 hour), timestampadd(hour, 1, a), timestampdiff(day, a, b), year(a), month(a), day(a), hour(a), week(a), date(a), time(a), quarter(a) from t",
        "SELECT NOW (?) , SYSDATE ( ) , UTC_DATE ( ) , UTC_TIMESTAMP ( ) , NOW ( ) , CURDATE ( ) , CURTIME ( ) , CURTIME ( ) , `unix_timestamp` ( ) , `date_format` ( `a` , ? ) , ADDDATE ( `a` , ? ) , SUBDATE ( `a` , INTERVAL ? SQL_TSI_HOUR ) , TIMESTAMPADD ( SQL_TSI_HOUR , ? , `a` ) , TIMESTAMPDIFF ( SQL_TSI_DAY , `a` , `b` ) , YEAR ( `a` ) , SQL_TSI_MONTH ( `a` ) , SQL_TSI_DAY ( `a` ) , SQL_TSI_HOUR ( `a` ) , WEEK ( `a` ) , DATE ( `a` ) , TIME ( `a` ) , SQL_TSI_QUARTER ( `a` ) FROM `t`",
    ),
    (
        "select coalesce(a,1), truncate(a,1), format(a,1), insert(a,1,2,'x'), repeat('x',3), reverse(a), ascii(a), row_count(), uuid(), version(), collation(a), charset(a), microsecond(a), minute(a), second(a), weight_string(a), point(1,2), geometrycollection(), polygon(a), grouping(a), lag(a) over w, first_value(a) over w, ntile(4) over w, nth_value(a, 2) over w from t window w as ()",
        "SELECT COALESCE ( `a` , ? ) , TRUNCATE ( `a` , ? ) , FORMAT ( `a` , ? ) , INSERT ( `a` , ?, ... ) , REPEAT (...) , REVERSE ( `a` ) , ASCII ( `a` ) , ROW_COUNT ( ) , `uuid` ( ) , `version` ( ) , COLLATION ( `a` ) , CHARSET ( `a` ) , MICROSECOND ( `a` ) , SQL_TSI_MINUTE ( `a` ) , SQL_TSI_SECOND ( `a` ) , WEIGHT_STRING ( `a` ) , POINT (...) , GEOMETRYCOLLECTION ( ) , POLYGON ( `a` ) , GROUPING ( `a` ) , LAG ( `a` ) OVER `w` , FIRST_VALUE ( `a` ) OVER `w` , NTILE (?) OVER `w` , NTH_VALUE ( `a` , ? ) OVER `w` FROM `t` WINDOW `w` AS ( )",
    ),
    (
        "select default(a) from t",
        "SELECT DEFAULT ( `a` ) FROM `t`",
    ),
];
