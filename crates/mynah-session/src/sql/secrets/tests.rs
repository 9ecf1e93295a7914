use super::*;
use crate::sql::Characters;

fn shown_by(sql: &[u8], settings: &Settings) -> String {
    let mut shown = sql.to_vec();
    for range in Secrets::of(sql, settings).ranges.iter().rev() {
        shown.splice(range.clone(), *b"*");
    }
    String::from_utf8_lossy(&shown).into_owned()
}

fn shown(sql: &str) -> String {
    shown_by(sql.as_bytes(), &Settings::default())
}

#[test]
fn passwords_are_found_and_little_else() {
    for (sql, expected) in [
        ("select 'a'", "select 'a'"),
        ("SET PASSWORD = 'x'", "SET PASSWORD = *"),
        (
            "set password for 'bob'@'%' = 'x'",
            "set password for 'bob'@'%' = *",
        ),
        ("SET PASSWORD = PASSWORD('x')", "SET PASSWORD = PASSWORD(*)"),
        ("SET PASSWORD='a' REPLACE 'b'", "SET PASSWORD=* REPLACE *"),
        (
            "CREATE USER 'a'@'b' IDENTIFIED BY 'x', c IDENTIFIED WITH p AS '*H'",
            "CREATE USER 'a'@'b' IDENTIFIED BY *, c IDENTIFIED WITH p AS *",
        ),
        (
            "ALTER USER a IDENTIFIED VIA ed25519 USING PASSWORD('x')",
            "ALTER USER a IDENTIFIED VIA ed25519 USING PASSWORD(*)",
        ),
        (
            "create user a identified with p as 0xAbC",
            "create user a identified with p as *",
        ),
        (
            "/*!40101 create user a identified by 'x' */",
            "/*!40101 create user a identified by * */",
        ),
        (
            "CHANGE MASTER TO MASTER_USER='u', MASTER_PASSWORD='x', MASTER_LOG_FILE='f'",
            "CHANGE MASTER TO MASTER_USER='u', MASTER_PASSWORD=*, MASTER_LOG_FILE='f'",
        ),
        (
            "START SLAVE USER='u' PASSWORD='x'",
            "START SLAVE USER='u' PASSWORD=*",
        ),
        (
            "CREATE SERVER s OPTIONS (USER 'u', PASSWORD 'x')",
            "CREATE SERVER s OPTIONS (USER 'u', PASSWORD *)",
        ),
        (
            "create table t (a int) CONNECTION='mysql://u:p@h/d/t'",
            "create table t (a int) CONNECTION=*",
        ),
        (
            "update t set `password` = 'x' , name = 'y'",
            "update t set `password` = * , name = 'y'",
        ),
        (
            "select password from t where name = 'bob'",
            "select password from t where name = 'bob'",
        ),
        ("select 'password', 'b'", "select 'password', 'b'"),
        (
            "EXECUTE IMMEDIATE 'create user a identified by ?' USING 'x'",
            "EXECUTE IMMEDIATE * USING *",
        ),
        (
            "ALTER USER a PASSWORD EXPIRE COMMENT 'c'",
            "ALTER USER a PASSWORD EXPIRE COMMENT 'c'",
        ),
        (
            "select @@version_comment limit 1",
            "select @@version_comment limit 1",
        ),
        ("set names utf8mb4", "set names utf8mb4"),
        (
            "insert into t (name, age) values ('x', 5)",
            "insert into t (name, age) values ('x', 5)",
        ),
        (
            "select 'x', password from t where name = 'bob' order by password",
            "select 'x', password from t where name = 'bob' order by password",
        ),
        (
            "select * from t where name = 'bob' and 'x' = password",
            "select * from t where name = 'bob' and * = password",
        ),
        (
            "select * from t where 12 = password and length(password) > 8",
            "select * from t where * = password and length(password) > 8",
        ),
        (
            "update t set name = 'y', password = 'x'",
            "update t set name = 'y', password = *",
        ),
        (
            "select * from (select 'a', password from t) s where name = 'bob'",
            "select * from (select 'a', password from t) s where name = 'bob'",
        ),
        (
            "select 'a', 'x' = password from u where id in (select id from v where name = 'b')",
            "select 'a', * = password from u where id in (select id from v where name = 'b')",
        ),
    ] {
        assert_eq!(shown(sql), expected);
    }
}

#[test]
fn each_way_to_write_a_password_is_known() {
    for sql in [
        "prepare s from 'create user x identified by ''SEKRET'''",
        "execute immediate 'create user x identified by ''SEKRET'''",
        "execute immediate concat('alter user x identi', 'fied by ''SEKRET''')",
        "set @x = 'alter user x identified by ''SEKRET'''",
        "set @x = 'alter user x ident\\ified by ''SEKRET'''",
        "set @x = 0x616c746572207573657220782069646566206964656e74696669656420627920275345",
        "set @x := 'execute immediate ''alter user x identified by ''''SEKRET'''''''",
        "set password := 'SEKRET'",
        "set Password := 'SEKRET'",
        "--\tit's\nset password = 'SEKRET'",
        "/*!99999 it's */ set password = 'SEKRET'",
        "/*M! it's */ set password = 'SEKRET'",
        "# it's\nset password = 'SEKRET'",
        "-- it's\nset password = 'SEKRET'",
        "set password = /* it's */ 'SEKRET'",
        "set password = SEKRET",
        "alter user x identified by SEKRET",
        "alter user x identified by SEK-RET!SEKRET account lock",
        "alter user x identified by !SEKRET",
        "alter user x identified by 1-SEKRET",
        "alter user x identified by (SEKRET)",
        "alter user x identified by SEKRET('x')",
        "alter user x identified by SEKRET'x'",
        "alter user x identified by @SEKRET",
        "alter user x identified by 'x'SEKRET'y'",
        "alter user x identified SEKRET",
        "set password SEKRET",
        "set password for x SEKRET",
        "set password for x 'SEKRET'",
        "create procedure p() alter user x identified by 'SEKRET'",
        "create event e on schedule every 1 day do set password = 'SEKRET'",
        "begin not atomic set password = 'SEKRET'; end",
        "update users set user_pass = 'SEKRET'",
        "create table t as select 'SEKRET' as password",
        "alter user x identified with p by SEKRET",
        "alter user x identfied by 'SEKRET'",
        "alter user x identified by concat('a','SEKRET')",
        "select concat('alter user x identified by ', quote('SEKRET')) into @x",
        "set global wsrep_sst_auth = 'u:SEKRET'",
        "create table t (a int) engine=connect option_list='user=u,password=SEKRET'",
        "create table t (a int) comment='user \"u\", password \"SEKRET\"'",
        "set global s3_secret_key = 'SEKRET'",
        "call mysql.rds_set_external_master('h',3306,'repl','SEKRET')",
        "insert into t values ('{\"name\": \"x\", \"password\": \"SEKRET\"}')",
        "insert into t (name, password) values ('x', 'SEKRET'), ('y', 'SEKRET')",
        "insert into mysql.user values ('h', 'u', 'SEKRET')",
        "replace into `mysql`.`global_priv` values ('h', 'u', 'SEKRET')",
        "select * from t where password in ('SEKRET')",
        "select * from t where password <> 'SEKRET'",
        "select * from t where password like 'SEKRET%'",
        "select password('SEKRET')",
        "select aes_encrypt('SEKRET', 'SEKRET')",
        "select json_object('password', 'SEKRET')",
        "update t set doc = json_set(doc, '$.password', 'SEKRET')",
        "select * from t where doc->>'$.password' = 'SEKRET'",
        "change replication source to source_password = 'SEKRET'",
        "change master to master_password = SEKRET, master_port = 5",
        "clone instance from u@h:3306 identified by 'SEKRET'",
        "grant all on *.* to x identified by 'SEKRET'",
        "set password for x = password('SEKRET')",
        "alter user x identified by _utf8mb4'SEKRET'",
        "alter user x identified by x'5345' 'SEKRET'",
        "create federated server s options (host 'h', password \"SEKRET\")",
        "create user a identified by 'SEKRET",
        "set @a = \"password='SEKRET'\"",
        "set @u = 'mysql://u:SEKRET@h/d'",
        "select 1; set password = 'SEKRET'",
        "select * from t where 'SEKRET' = password",
        "select * from t where 'SEKRET' <=> u.password and name = 'bob'",
        "select * from t where 'SEKRET' like t.`password`",
        "select * from t where 'SEKRET' in (name, password)",
        "select * from t where 'SEKRET' in (select password from u where name = 'bob')",
        "select * from t where 'SEKRET' between password and 'z'",
        "select * from t where 'a' between 'SEKRET' and password",
        "select * from t where sha2('SEKRET', 256) = password",
        "select * from t where sha2(concat('a', 'SEKRET'), 256) = (password)",
        "select * from t where lower(password) = 'SEKRET'",
        "select * from t where cast(password as binary) = 'SEKRET'",
        "select * from t where (name, password) = ('bob', 'SEKRET')",
        "select * from t where ('bob', 'SEKRET') = (name, password)",
        "select * from t where (name, password) in (('bob', 'SEKRET'), ('ada', 'SEKRET'))",
        "select * from t where strcmp(password, 'SEKRET') = 0",
        "select * from t where strcmp('SEKRET', password) = 0",
        "select * from t where (select password from u where name = 'bob') = 'SEKRET'",
        "select 'SEKRET' = (select password from u where name = 'bob')",
        "select if('SEKRET' = password, 1, 0) from t",
        "select case password when 'SEKRET' then 1 when 'SEKRET' then 2 end from t",
        "select case when a = 'b' then 'SEKRET' else 'SEKRET' end = password from t",
        "select * from t where match(password) against('SEKRET' in boolean mode)",
        "select * from t where 0x53454b524554 = password or 'SEKRET' = password",
        "update t set name = 'x' where 'SEKRET' = password",
        "delete from t where 'SEKRET' = password",
        "do 'SEKRET' = password",
        "create view v as select 'SEKRET' = password from t",
        "create trigger r before insert on t for each row if 'SEKRET' = new.password then set @a = 1; end if",
    ] {
        let shown = shown(sql);
        let hidden = shown != sql && !shown.contains("SEKRET") && !shown.contains("5345");
        assert!(hidden, "{sql}: {shown}");
    }
}

#[test]
fn what_is_not_known_of_a_session_is_read_in_every_way() {
    let unknown = Settings::default();
    let known = |ansi, escapes, characters| Settings {
        ansi_quotes: Some(ansi),
        no_backslash_escapes: Some(escapes),
        characters: Some(characters),
        ..Settings::default()
    };
    let nothing = known(false, false, Characters::Ascii);
    for (sql, settings) in [
        (
            &b"set @a = 'x\\', password = 'SEKRET'"[..],
            known(false, true, Characters::Ascii),
        ),
        (
            b"set @a = \"it's\", password = 'SEKRET'",
            known(true, false, Characters::Ascii),
        ),
        (
            b"set @a = '\x95\\', password = 'SEKRET'",
            known(false, false, Characters::Sjis),
        ),
        (
            b"set @a = '\xa5\\', password = 'SEKRET'",
            known(false, false, Characters::Big5),
        ),
        (
            b"set @a = '\x81\\', password = 'SEKRET'",
            known(false, false, Characters::Gbk),
        ),
        (
            b"set @a = '\x81\\', password = 'SEKRET'",
            known(false, false, Characters::Gb18030),
        ),
        (
            b"set sql_mode = ''; set @a = 'x\\', password = 'SEKRET'",
            nothing,
        ),
    ] {
        for settings in [
            settings,
            Settings {
                server: settings.server,
                ..unknown
            },
        ] {
            let shown = shown_by(sql, &settings);
            assert!(!shown.contains("SEKRET"), "{sql:?}: {shown}");
        }
    }
    assert_eq!(
        shown_by(b"set password = 'it\\'s'", &nothing),
        "set password = *"
    );
}

#[test]
fn a_statement_without_an_end_is_hidden_as_a_whole() {
    for sql in [
        "select 1, 'x' as password from 'never closed",
        "set password = 'x' /* never closed",
        "set password = $a$x$a$",
        "/*! set password = 'x'",
    ] {
        assert_eq!(
            Secrets::of(sql.as_bytes(), &Settings::default()),
            Secrets::all(sql.as_bytes())
        );
    }
}

#[test]
fn strings_inside_strings_are_no_deep_matter() {
    let sql = ["'", &"password=\\'".repeat(200_000)].concat();
    assert_eq!(
        Secrets::of(sql.as_bytes(), &Settings::default())
            .ranges
            .len(),
        1
    );
}

#[test]
fn long_texts_take_no_longer_than_they_are() {
    for part in [
        ";",
        "'a';",
        "'://'",
        "://",
        "password,",
        "'password',",
        "(",
        "x'",
        "/*!",
        "/*!50001 é\"\\*/ ",
        "identified by /**/ ",
        "0x70617373 ",
        "'prepare s from ''pw''' ",
        "case when ",
        "= password ('a' ",
        "and 'a' = password ",
    ] {
        let sql = ["select 'pw' ", &part.repeat(65_536 / part.len())].concat();
        let _found = Secrets::of(sql.as_bytes(), &Settings::default());
        let _found = Secrets::are_in(sql.as_bytes());
    }
}

#[test]
fn parameters_and_answers_may_be_passwords() {
    let of = |sql: &str| Secrets::of(sql.as_bytes(), &Settings::default());
    assert!(of("ALTER USER a IDENTIFIED BY ?").parameters);
    assert!(of("set password = ?").parameters);
    assert!(of("insert into t (name, password) values (?, ?)").parameters);
    assert!(of("EXECUTE IMMEDIATE 'SET PASSWORD = ?' USING ?").parameters);
    assert!(of("select 1, ? as user_password").parameters);
    assert!(of("select * from t where ? = password").parameters);
    assert!(of("select * from t where sha2(?, 256) = password").parameters);
    assert!(of("select * from t where lower(password) = ?").parameters);
    assert!(!of("select ? from passwords").parameters);
    assert!(of("alter user x identified by random password").answer);
    assert!(of("set password for x to random").answer);
    assert!(of("load data local infile 'f' into table t (name, password)").answer);
    assert!(!of("alter user x identified by 'y'").answer);
}

#[test]
fn statements_and_servers_decide_how_later_statements_are_read() {
    let mut settings = Settings::default();
    for (sql, ansi_quotes, characters) in [
        ("set names gbk", None, Some(Characters::Gbk)),
        (
            "SET sql_mode = 'ANSI_QUOTES'",
            Some(true),
            Some(Characters::Gbk),
        ),
        (
            "set @@session.sql_mode := \"STRICT_TRANS_TABLES\"",
            Some(false),
            Some(Characters::Gbk),
        ),
        (
            "set character set sjis",
            Some(false),
            Some(Characters::Sjis),
        ),
        (
            "set sql_mode = concat(@@sql_mode, ',ANSI')",
            None,
            Some(Characters::Sjis),
        ),
        (
            "set character_set_client = 'utf8mb4', autocommit = 1",
            None,
            Some(Characters::Ascii),
        ),
        (
            "set global sql_mode = 'ANSI_QUOTES', character_set_client = sjis",
            None,
            None,
        ),
        ("set @@persist.sql_mode = 'ANSI_QUOTES'", None, None),
        ("set global sql_mode = '', autocommit = 1", None, None),
        (
            "set global sql_mode = '', session sql_mode = 'ANSI_QUOTES'",
            Some(true),
            None,
        ),
        (
            "set global autocommit = 1, session sql_mode = 'ANSI_QUOTES'",
            Some(true),
            None,
        ),
        ("call p()", None, None),
    ] {
        settings.unsettle(sql.as_bytes());
        settings.settle(sql.as_bytes());
        assert_eq!(
            (settings.ansi_quotes, settings.characters),
            (ansi_quotes, characters),
            "{sql}"
        );
    }
}

#[test]
fn a_masked_statement_has_stars_in_the_place_of_its_passwords() {
    for (sql, masked) in [
        ("select 1", "select 1"),
        (
            "create user a identified by 'SEKRET', b identified by 'SEKRET'",
            "create user a identified by ***, b identified by ***",
        ),
        ("set password = 'SEK", "***"),
    ] {
        let secrets = Secrets::of(sql.as_bytes(), &Settings::default());
        let shown = secrets.mask(sql.as_bytes());
        assert_eq!(String::from_utf8_lossy(&shown), masked, "{sql}");
    }
}
