use super::Side;
use crate::asked::Asked;

/// Statements that drivers and tools send on connect, as text and prepared, to record their
/// columns.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let asked = |topic: &str, commands: Vec<String>| {
        let what =
            format!("the columns of what drivers and tools ask, as text and prepared: {topic}");
        let end = ["01".to_owned()];
        side.raw(&format!("prelude-{topic}"), &what)
            .with(commands.into_iter().chain(end))
    };
    let topics = TOPICS.iter().map(|(topic, statements)| {
        let commands = statements.iter().flat_map(|text| commands(text));
        asked(topic, commands.collect())
    });
    let sets = CHARACTER_SETS.iter().flat_map(|set| {
        let texts = FOR_EACH_CHARACTER_SET.iter();
        let commands = texts.flat_map(|text| commands(text));
        std::iter::once(query(set)).chain(commands)
    });
    topics
        .chain([asked("character-sets", sets.collect())])
        .collect()
}

/// COM_QUERY, then COM_STMT_PREPARE, COM_STMT_EXECUTE and COM_STMT_CLOSE.
fn commands(text: &str) -> [String; 4] {
    [
        query(text),
        format!("16{}", hex(text)),
        "17{stmt}0001000000".to_owned(),
        "19{stmt}".to_owned(),
    ]
}

fn query(text: &str) -> String {
    format!("03{}", hex(text))
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

const TOPICS: [(&str, &[&str]); 6] = [
    ("literals", LITERALS),
    ("functions", FUNCTIONS),
    ("variables", VARIABLES),
    ("show", SHOW),
    ("lists", LISTS),
    ("changes", CHANGES),
];

const LITERALS: &[&str] = &[
    "SELECT 1",
    "SELECT -1",
    "SELECT 1, 12, 2147483647, 2147483648, 18446744073709551615",
    "SELECT 123456789, 1234567890, 99999999999999999999",
    "SELECT 1.5, -0.25, 1e3",
    "SELECT 'a', '', 'test collated returns'",
    "SELECT NULL, TRUE, FALSE",
    "SELECT 1 AS one, 'x' AS two",
    "SELECT 1 FROM DUAL",
    "SELECT _utf8mb4'a'",
    "SELECT 1+1, 1-1, 2*3, 7/2, 7 DIV 2, 7 % 2",
    "SELECT 1 = 1, 1 < 2, 1 <=> NULL, 1 = NULL",
    "SELECT NOT 1, 1 AND 0, 1 OR NULL, 1 XOR 1",
    "SELECT 'a' LIKE 'b', 1 IN (1, 2), 1 BETWEEN 0 AND 2, 1 IS NULL, 1 IS TRUE",
    "SELECT 1 | 2, 1 & 3",
    "SELECT 1.5 + 1, 1.5 * 2, 1e3 + 1, '1' + 1",
    "SELECT CASE WHEN 1 THEN 'a' ELSE 'bcd' END, CASE 1 WHEN 2 THEN 3 END",
    "SELECT CAST('test plain returns' AS CHAR(60)) AS anon_1",
    "SELECT CAST('test unicode returns' AS CHAR(60)) AS anon_1",
    "SELECT CAST('a' AS CHAR), CAST(1 AS CHAR), CONVERT('a', CHAR)",
    "SELECT CAST('test collated returns' AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin AS anon_1",
    "SELECT CONVERT('a' USING utf8mb4)",
    "SELECT CAST(1 AS SIGNED), CAST(1 AS UNSIGNED), CAST('1' AS DECIMAL)",
    "SELECT CAST('2001-01-01' AS DATE), CAST('2001-01-01' AS DATETIME), CAST('01:02:03' AS TIME)",
    "SELECT CAST('a' AS BINARY)",
    "SELECT BINARY 'a'",
    "SELECT 1 UNION SELECT 2",
    "SELECT 'a' UNION SELECT 'bcd'",
];

const FUNCTIONS: &[&str] = &[
    "SELECT VERSION()",
    "SELECT DATABASE(), SCHEMA()",
    "SELECT USER(), CURRENT_USER()",
    "SELECT CURRENT_ROLE()",
    "SELECT CONNECTION_ID()",
    "SELECT LAST_INSERT_ID(), ROW_COUNT(), FOUND_ROWS()",
    "SELECT NOW(), CURRENT_TIMESTAMP, SYSDATE(), UTC_TIMESTAMP()",
    "SELECT CURDATE(), CURTIME(), UTC_DATE(), UTC_TIME()",
    "SELECT UNIX_TIMESTAMP()",
    "SELECT UNIX_TIMESTAMP() - 2964",
    "SELECT TIMEDIFF(NOW(), UTC_TIMESTAMP())",
    "SELECT CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL",
    "SELECT PI()",
    "SELECT CONCAT('a', 'bc'), CONCAT_WS(',', 'a', 'b'), CONCAT(1, 2)",
    "SELECT LOWER('A'), UPPER('a'), TRIM(' a '), LTRIM(' a'), RTRIM('a ')",
    "SELECT REPLACE('abc', 'b', 'xx')",
    "SELECT LEFT('abc', 2), RIGHT('abc', 2), SUBSTRING('abc', 2), SUBSTR('abc', 1, 2)",
    "SELECT SUBSTRING_INDEX('a_b', '_', 1)",
    "SELECT LENGTH('abc'), CHAR_LENGTH('abc'), INSTR('abc', 'b'), LOCATE('b', 'abc'), FIND_IN_SET('a', 'b,a')",
    "SELECT ISNULL(1), IF(1, 'a', 'bcd'), IF(1, 2, 3), IFNULL(NULL, 'x'), COALESCE(NULL, 1), NULLIF(1, 1), NULLIF('a', 'b')",
    "SELECT ABS(-1)",
];

const VARIABLES: &[&str] = &[
    "SELECT @@version, @@version_comment",
    "SELECT @@version_comment LIMIT 1",
    "SELECT @@autocommit, @@session.autocommit, @@global.autocommit",
    "SELECT @@max_allowed_packet, @@wait_timeout, @@auto_increment_increment",
    "SELECT @@max_allowed_packet,@@system_time_zone,@@time_zone,@@auto_increment_increment",
    "SELECT @@character_set_client, @@character_set_connection, @@character_set_results, @@character_set_server",
    "SELECT @@collation_connection, @@collation_server, @@collation_database",
    "SELECT @@sql_mode, @@lower_case_table_names, @@default_storage_engine, @@sql_auto_is_null",
    "SELECT @@transaction_isolation",
    "SELECT @@tx_isolation",
    "SELECT @@transaction_read_only",
    "SELECT @@tx_read_only",
    "SELECT @@session.transaction_isolation, @@global.transaction_isolation",
    "SELECT @@port, @@server_id, @@hostname",
    "SELECT @@server_uuid",
    "SELECT @@long_query_time",
    "SELECT @@init_connect, @@interactive_timeout, @@license, @@net_write_timeout",
    "SELECT @@have_profiling, @@performance_schema",
    "SELECT @@query_cache_size, @@query_cache_type",
    "SELECT @@GLOBAL.gtid_mode",
    "SELECT @@GLOBAL.GTID_EXECUTED",
    "SELECT @@innodb_version",
    "SELECT @@max_connections",
    "SELECT @@lc_time_names, @@timestamp",
    "SELECT @@sql_mode AS a, CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')",
    "SELECT @@sql_select_limit, @@foreign_key_checks, @@unique_checks, @@sql_log_bin",
    "SELECT @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@init_connect AS init_connect, @@time_zone AS time_zone",
    "SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@sql_auto_is_null, @@lower_case_table_names, CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL",
    "SELECT @never_set",
    "SET @a = 1, @b = 'xy', @c = NULL, @d = 1.5, @e = 1e3",
    "SELECT @a, @b, @c, @d, @e",
    "SELECT @a + 1, CONCAT(@b, 'z')",
    "SELECT @@no_such_variable",
];

const SHOW: &[&str] = &[
    "SHOW VARIABLES LIKE 'autocommit'",
    "SHOW SESSION VARIABLES LIKE 'sql_mode'",
    "SHOW GLOBAL VARIABLES LIKE 'sql_mode'",
    "SHOW VARIABLES WHERE Variable_name = 'lower_case_table_names'",
    "SHOW STATUS LIKE 'Ssl_cipher'",
    "SHOW GLOBAL STATUS LIKE 'Uptime'",
    "SHOW WARNINGS",
    "SHOW WARNINGS LIMIT 5",
    "SHOW ERRORS",
    "SHOW COUNT(*) WARNINGS",
    "SHOW COUNT(*) ERRORS",
    "SHOW COLLATION WHERE id = 8",
    "SHOW COLLATION LIKE 'utf8mb4_bin'",
    "SHOW CHARACTER SET LIKE 'latin1'",
    "SHOW CHARSET LIKE 'latin1'",
    "SHOW ENGINES",
    "SHOW PLUGINS",
];

const LISTS: &[&str] = &[
    "SHOW DATABASES",
    "SHOW DATABASES LIKE 'test'",
    "SHOW TABLES FROM `test`",
    "SHOW FULL TABLES FROM `test`",
    "SHOW TABLES LIKE 'nothing'",
    "SHOW FULL TABLES LIKE 'nothing'",
    "SHOW TABLES",
    "SHOW TABLE STATUS FROM `test` LIKE 'nothing'",
    "SHOW OPEN TABLES FROM `test`",
    "SHOW TRIGGERS",
    "SHOW TRIGGERS LIKE 'nothing'",
    "SHOW EVENTS",
    "SHOW PROCEDURE STATUS WHERE Db = 'nowhere'",
    "SHOW FUNCTION STATUS WHERE Db = 'nowhere'",
    "SHOW PROCESSLIST",
    "SHOW FULL PROCESSLIST",
    "SHOW CREATE DATABASE `test`",
    "SHOW CREATE DATABASE IF NOT EXISTS `test`",
    "SHOW COLUMNS FROM information_schema.schemata",
    "SHOW FULL COLUMNS FROM information_schema.schemata",
    "SHOW FIELDS FROM information_schema.schemata LIKE 'nothing'",
    "SHOW INDEX FROM information_schema.schemata",
    "SHOW PROFILES",
    "SHOW GRANTS",
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'nowhere'",
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME",
    "SELECT * FROM information_schema.schemata WHERE schema_name = 'nowhere'",
    "SELECT * FROM information_schema.tables WHERE table_schema = 'nowhere'",
    "SELECT * FROM information_schema.columns WHERE table_schema = 'nowhere'",
    "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'nowhere' ORDER BY TABLE_NAME",
    "SELECT TABLE_NAME AS Name, ENGINE AS Engine, TABLE_COMMENT AS Comment FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'nowhere' ORDER BY Name",
    "SELECT ROUTINE_NAME AS SPECIFIC_NAME, ROUTINE_NAME, ROUTINE_TYPE, DTD_IDENTIFIER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = 'nowhere'",
    "SELECT `CHARACTER_SET_NAME` AS `Charset`, `DEFAULT_COLLATE_NAME` AS `Default collation`, `DESCRIPTION` AS `Description`, `MAXLEN` AS `Maxlen` FROM `information_schema`.`CHARACTER_SETS`",
    "SELECT `COLLATION_NAME` AS `Collation`, `CHARACTER_SET_NAME` AS `Charset`, `ID` AS `Id`, `IS_DEFAULT` AS `Default`, `IS_COMPILED` AS `Compiled`, `SORTLEN` AS `Sortlen` FROM `information_schema`.`COLLATIONS` WHERE ID = 8",
    "SELECT SUBSTRING_INDEX(SCHEMA_NAME, '_', 1) AS first_level FROM information_schema.SCHEMATA",
    "SELECT DISTINCT SUBSTRING_INDEX(SCHEMA_NAME, '_', 1) DB_first_level FROM INFORMATION_SCHEMA.SCHEMATA WHERE TRUE",
    "SELECT COUNT(*) FROM ( SELECT DISTINCT SUBSTRING_INDEX(SCHEMA_NAME, '_', 1) DB_first_level FROM INFORMATION_SCHEMA.SCHEMATA WHERE TRUE ) t",
    "SELECT `PRIVILEGE_TYPE` FROM `INFORMATION_SCHEMA`.`USER_PRIVILEGES` WHERE GRANTEE='x'",
    "SELECT LOGFILE_GROUP_NAME, FILE_NAME, TOTAL_EXTENTS, INITIAL_SIZE, ENGINE, EXTRA FROM INFORMATION_SCHEMA.FILES WHERE FILE_TYPE = 'UNDO LOG' AND FILE_NAME IS NOT NULL AND LOGFILE_GROUP_NAME = 'nothing'",
    "SELECT DISTINCT TABLESPACE_NAME, FILE_NAME, LOGFILE_GROUP_NAME, EXTENT_SIZE, INITIAL_SIZE, ENGINE FROM INFORMATION_SCHEMA.FILES WHERE FILE_TYPE = 'DATAFILE' AND FILE_NAME = 'nothing'",
    "SELECT column_name, extra, generation_expression, data_type from information_schema.columns where table_schema='nowhere' order by ordinal_position",
    "SELECT TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = 'nowhere'",
    "SELECT CHECK_OPTION, DEFINER, SECURITY_TYPE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION FROM information_schema.views WHERE table_schema='nowhere'",
    "SELECT engine, table_type FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = 'nowhere'",
    "SELECT MAX(SCHEMA_NAME), MIN(SCHEMA_NAME) FROM information_schema.SCHEMATA",
];

const CHANGES: &[&str] = &[
    "SET NAMES utf8mb4",
    "SET autocommit = 1",
    "SET time_zone = '+00:00'",
    "SET @@session.sql_mode = @@sql_mode",
    "COMMIT",
    "ROLLBACK",
    "USE test",
];

const CHARACTER_SETS: [&str; 5] = [
    "SET character_set_results = NULL",
    "SET character_set_results = latin1",
    "SET character_set_results = binary",
    "SET NAMES latin1",
    "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
];

const FOR_EACH_CHARACTER_SET: [&str; 10] = [
    "SELECT 1, 'a', NULL, NOW()",
    "SELECT VERSION(), DATABASE(), USER()",
    "SELECT @@version_comment, @@sql_mode, @@autocommit",
    "SELECT CONCAT('a', 'b'), CONCAT(@@version_comment, 'x'), LOWER(USER())",
    "SELECT CAST(1 AS CHAR), CAST('a' AS CHAR(5))",
    "SHOW VARIABLES LIKE 'autocommit'",
    "SHOW COLLATION LIKE 'utf8mb4_bin'",
    "SHOW DATABASES LIKE 'test'",
    "SHOW WARNINGS",
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'nowhere'",
];
