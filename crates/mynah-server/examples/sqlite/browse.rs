//! What clients ask to learn which tables and columns there are.

use crate::text::unquoted;

/// The query by which SQLite answers a SHOW or DESCRIBE; the text is SQLite's already.
pub(crate) fn show(text: &str, schema: &str) -> Option<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let lower: Vec<_> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let mut lower: Vec<_> = lower.iter().map(String::as_str).collect();
    let is_full = lower.get(1) == Some(&"full");
    lower.retain(|word| !matches!(*word, "full" | "extended" | "session" | "global"));
    // The table, or the schema of SHOW TABLES.
    let after_from = words.iter().zip(words.iter().skip(1));
    let from = after_from
        .clone()
        .find(|(word, _)| is(word, "from") || is(word, "in"));
    let from = from.map(|(_, name)| unquoted(name)).unwrap_or_default();
    let like = after_from.clone().find(|(word, _)| is(word, "like"));
    let like = like.map_or("'%'", |(_, pattern)| *pattern);
    let like = format!("like {like} escape '\\'");
    Some(match lower[..] {
        ["show", "tables", ..] => {
            let kind = if is_full {
                ", table_type as Table_type"
            } else {
                ""
            };
            let schema = if from.is_empty() { schema } else { from };
            format!(
                "select table_name as \"Tables_in_{schema}\"{kind} from information_schema.tables \
                 where table_schema = '{schema}' and table_name {like}"
            )
        }
        ["show", "databases" | "schemas", ..] => format!(
            "select schema_name as Database from information_schema.schemata where schema_name {like}"
        ),
        ["show", "columns" | "fields", ..] => columns(from, is_full, &like),
        ["describe" | "desc" | "explain", _] => columns(unquoted(words.last()?), false, "like '%'"),
        ["show", "create", "table", ..] => {
            let table = unquoted(words.last()?);
            format!(
                "select name as \"Table\", sql as \"Create Table\" from main.sqlite_schema \
                 where name = '{table}' and {}",
                exists(table)
            )
        }
        ["show", "index" | "indexes" | "keys", ..] => format!(
            "select table_name as \"Table\", non_unique as Non_unique, index_name as Key_name, \
             seq_in_index as Seq_in_index, column_name as Column_name \
             from information_schema.statistics where table_name = '{from}' and {}",
            exists(from)
        ),
        ["show", "variables", ..] => format!(
            "select name as Variable_name, value as Value from information_schema.variables where name {like}"
        ),
        ["show", ..] => "select '' as Name where false".to_owned(),
        _ => return None,
    })
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

/// True; and an error if there is no such table.
fn exists(table: &str) -> String {
    format!("(select count(*) from (select 1 from main.\"{table}\" limit 0)) = 0")
}

fn columns(table: &str, is_full: bool, like: &str) -> String {
    let (collation, rest) = match is_full {
        true => (
            ", collation_name as Collation",
            ", 'select,insert,update,references' as Privileges, '' as Comment",
        ),
        false => ("", ""),
    };
    format!(
        "select column_name as Field, column_type as Type{collation}, is_nullable as \"Null\", \
         column_key as \"Key\", column_default as \"Default\", extra as Extra{rest} \
         from information_schema.columns where table_name = '{table}' and column_name {like} and {}",
        exists(table)
    )
}

/// The schema `information_schema`; `{schema}` is the name of the file's.
pub(crate) const INFORMATION_SCHEMA: &str = "
attach ':memory:' as information_schema;
create view information_schema.schemata as
select 'def' as CATALOG_NAME, column1 as SCHEMA_NAME, 'utf8mb4' as DEFAULT_CHARACTER_SET_NAME,
  'utf8mb4_0900_ai_ci' as DEFAULT_COLLATION_NAME, null as SQL_PATH
from (values ('{schema}'), ('information_schema'));
create view information_schema.tables as
select 'def' as TABLE_CATALOG, '{schema}' as TABLE_SCHEMA, name as TABLE_NAME,
  iif(type = 'view', 'VIEW', 'BASE TABLE') as TABLE_TYPE, 'SQLite' as ENGINE, null as TABLE_ROWS,
  null as CREATE_TIME, null as UPDATE_TIME, 'utf8mb4_0900_ai_ci' as TABLE_COLLATION, '' as TABLE_COMMENT
from pragma_table_list where schema = 'main' and name not like 'sqlite_%';
create view information_schema.columns as
select 'def' as TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, c.name as COLUMN_NAME, c.cid + 1 as ORDINAL_POSITION,
  c.dflt_value as COLUMN_DEFAULT, iif(c.\"notnull\" or c.pk, 'NO', 'YES') as IS_NULLABLE,
  lower(mysql_type) as DATA_TYPE, iif(mysql_type = 'VARCHAR', 65535, null) as CHARACTER_MAXIMUM_LENGTH,
  iif(mysql_type = 'VARCHAR', 65535, null) as CHARACTER_OCTET_LENGTH,
  case mysql_type when 'BIGINT' then 19 when 'DOUBLE' then 22 end as NUMERIC_PRECISION,
  iif(mysql_type = 'BIGINT', 0, null) as NUMERIC_SCALE, null as DATETIME_PRECISION,
  iif(mysql_type = 'VARCHAR', 'utf8mb4', null) as CHARACTER_SET_NAME,
  iif(mysql_type = 'VARCHAR', 'utf8mb4_0900_ai_ci', null) as COLLATION_NAME,
  iif(mysql_type = 'VARCHAR', 'varchar(65535)', lower(mysql_type)) as COLUMN_TYPE, iif(c.pk, 'PRI', '') as COLUMN_KEY,
  '' as EXTRA, 'select,insert,update,references' as PRIVILEGES, '' as COLUMN_COMMENT,
  '' as GENERATION_EXPRESSION
from (select TABLE_SCHEMA, TABLE_NAME, c.*, case
    when c.type like '%int%' then 'BIGINT'
    when c.type like '%char%' or c.type like '%clob%' or c.type like '%text%' then 'VARCHAR'
    when c.type like '%real%' or c.type like '%floa%' or c.type like '%doub%' then 'DOUBLE'
    when c.type like '%blob%' then 'BLOB' else 'VARCHAR' end as mysql_type
  from information_schema.tables, pragma_table_xinfo(TABLE_NAME, 'main') c) c;
create view information_schema.statistics as
select 'def' as TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, NON_UNIQUE, TABLE_SCHEMA as INDEX_SCHEMA, INDEX_NAME,
  SEQ_IN_INDEX, COLUMN_NAME, 'A' as COLLATION, null as CARDINALITY, 'BTREE' as INDEX_TYPE, '' as COMMENT
from information_schema.tables, (
  select t.name as OF_TABLE, 0 as NON_UNIQUE, 'PRIMARY' as INDEX_NAME, c.pk as SEQ_IN_INDEX, c.name as COLUMN_NAME
  from pragma_table_list t, pragma_table_xinfo(t.name, 'main') c where t.schema = 'main' and c.pk
  union all select t.name, 1 - l.\"unique\", l.name, i.seqno + 1, i.name
  from pragma_table_list t, pragma_index_list(t.name, 'main') l, pragma_index_info(l.name, 'main') i
  where t.schema = 'main' and l.origin <> 'pk')
where OF_TABLE = TABLE_NAME;
create table information_schema.variables (NAME text, VALUE text);
insert into information_schema.variables values
  ('auto_increment_increment', '1'), ('autocommit', 'ON'), ('character_set_server', 'utf8mb4'),
  ('default_storage_engine', 'SQLite'), ('lower_case_table_names', '0'), ('max_allowed_packet', '67108864'),
  ('sql_auto_is_null', '0'), ('sql_mode', 'STRICT_TRANS_TABLES'), ('time_zone', 'SYSTEM'),
  ('system_time_zone', 'UTC'), ('transaction_isolation', 'SERIALIZABLE'), ('version', '9.7.4-sqlite'),
  ('version_comment', 'SQLite behind mynah-server'), ('wait_timeout', '28800');
";
