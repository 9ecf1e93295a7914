//! Statements with their kinds and tables.

/// Statements with their kind and tables, the same for both families of servers.
pub(crate) const STATEMENTS: &[(&str, &str)] = &[
    // Queries.
    ("select 1", "select"),
    ("select 1 from dual", "select"),
    ("SELECT * FROM orders", "select orders"),
    (
        "select * from shop.orders as o, `a b` c",
        "select shop.orders `a b`",
    ),
    ("select * from `shop`.`or``ders`", "select shop.`or``ders`"),
    (
        "select * from shop . orders where a = 'from x'",
        "select shop.orders",
    ),
    (
        "select a.b, c from t a join u on a.x = u.x, v",
        "select t u v",
    ),
    (
        "select * from t left join u using (a, b) natural join w",
        "select t u w",
    ),
    (
        "select * from (t cross join u), v straight_join x",
        "select t u v x",
    ),
    ("select straight_join a from t", "select t"),
    (
        "select * from { oj t left outer join u on t.a = u.a }",
        "select t u",
    ),
    (
        "select * from t use index (a, b) ignore key for order by (c), u",
        "select t u",
    ),
    ("select * from t partition (p0, p1) as x, u", "select t u"),
    (
        "select * from (select * from inner_t) as d, lateral (select 1 from u) e",
        "select inner_t u",
    ),
    (
        "select (select max(a) from u) from t where b in (select c from v)",
        "select u t v",
    ),
    (
        "select * from t where exists (((select 1 from u)))",
        "select t u",
    ),
    (
        "select extract(year from d), trim(leading 'x' from e), substring(f from 2 for 3) from t",
        "select t",
    ),
    (
        "select a from t group by a with rollup order by b, c limit 1, 2",
        "select t",
    ),
    (
        "select a, sum(b) over w from t window w as (order by a), v as (order by b)",
        "select t",
    ),
    ("select 1. from t", "select t"),
    ("select t.from, @from from t", "select t"),
    (
        "select * from t union select * from u union all (select * from v) order by a, b",
        "select t u v",
    ),
    ("(select * from t)", "select t"),
    (
        "((select * from t) union (select * from u)) limit 3",
        "select t u",
    ),
    ("select * from T, t", "select T t"),
    ("select * from t, t as x, shop.t", "select t shop.t"),
    ("with c as (select * from t) select * from c", "select t"),
    (
        "with c (a, b) as (select 1, 2), d as (select * from c, u) select * from d join c, v",
        "select u v",
    ),
    ("with t as (select * from t) select * from T", "select t"),
    (
        "with recursive c as (select 1 union all select a + 1 from c join t) select * from c",
        "select t",
    ),
    (
        "select * from (with c as (select * from t) select * from c) d, c",
        "select t c",
    ),
    ("with c as (select 1) select * from shop.c", "select shop.c"),
    ("with c as (select * from t) (select * from c)", "select t"),
    (
        "with a as (with b as (select * from t) select * from b) select * from a, b",
        "select t b",
    ),
    // Locks, and where the rows go.
    ("select * from t for update", "locking_select t"),
    ("select * from t lock in share mode", "locking_select t"),
    (
        "select * from (select * from t for update) d, u",
        "locking_select t u",
    ),
    ("select a into @b from t limit 1", "select_into t"),
    (
        "select * from t into outfile '/tmp/x' fields terminated by ','",
        "select_into t",
    ),
    ("select a from t for update into @b", "locking_select t"),
    // Changes of rows.
    ("insert into t values (1, 'a'), (2, 'b')", "insert t"),
    (
        "INSERT IGNORE shop.t (a, b) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = values(a), b = 3",
        "insert shop.t",
    ),
    (
        "insert low_priority into t set a = 1, b = (select max(c) from u)",
        "insert t u",
    ),
    (
        "insert into t (a) select x from u join v on u.i = v.i on duplicate key update a = 1, b = 2",
        "insert t u v",
    ),
    (
        "insert into t partition (p0) (select * from u)",
        "insert t u",
    ),
    (
        "insert into t with c as (select * from u) select * from c",
        "insert t u",
    ),
    ("insert into t () values ()", "insert t"),
    ("replace into t values (1)", "replace t"),
    (
        "replace delayed t select replace(a, 'b', 'c') from u",
        "replace t u",
    ),
    (
        "update t set a = 1, b = 2 where c = 3 order by d, e limit 1",
        "update t",
    ),
    (
        "update low_priority ignore shop.t as x set a = (select 1 from u)",
        "update shop.t u",
    ),
    (
        "update t, u join v on u.a = v.a set t.a = u.a, v.b = 2",
        "update t u v",
    ),
    (
        "update t join (select * from u) d on t.a = d.a set b = 1",
        "update t u",
    ),
    (
        "delete from t where a = 1 order by b, c limit 2",
        "delete t",
    ),
    ("delete quick from shop.t", "delete shop.t"),
    (
        "delete a, b from t as a join u as b on a.i = b.i where a.x in (select y from v)",
        "delete t u v",
    ),
    (
        "delete from a, b using t as a join u as b using (i)",
        "delete t u",
    ),
    ("delete t.* from t join u using (i)", "delete t u"),
    (
        "delete from t where a in (select b from u join v using (c))",
        "delete t u v",
    ),
    (
        "load data local infile 'f' into table shop.t fields terminated by ',' (a, b)",
        "load shop.t",
    ),
    (
        "load xml infile 'f' replace into table t rows identified by '<r>'",
        "load t",
    ),
    ("call p((select max(a) from t))", "call t"),
    ("do sleep(1), (select 1 from t)", "do t"),
    ("handler shop.t open as h", "handler shop.t"),
    ("handler h read next", "handler"),
    // Definitions.
    (
        "create table t (a int, b int references u (a), foreign key (b) references shop.v (x, y))",
        "ddl t u shop.v",
    ),
    (
        "create temporary table if not exists shop.t as select * from u",
        "ddl shop.t u",
    ),
    ("create table t like shop.u", "ddl t shop.u"),
    ("create table t (like u)", "ddl t u"),
    (
        "create table t (a int) engine=merge union=(u, shop.v) insert_method=last",
        "ddl t u shop.v",
    ),
    ("create table t select 1 union (select 2 from u)", "ddl t u"),
    (
        "create table t (a int default (1), check (a > 1)) partition by range (a) (partition p values less than (3))",
        "ddl t",
    ),
    (
        "alter table t add column b int after a, drop column c, rename column d to e, rename index f to g",
        "ddl t",
    ),
    ("alter table shop.t rename to u", "ddl shop.t u"),
    ("alter table t rename u", "ddl t u"),
    ("alter table t exchange partition p with table u", "ddl t u"),
    (
        "alter table t add constraint c foreign key (a) references u (b) on delete cascade on update set null",
        "ddl t u",
    ),
    ("drop table if exists t, shop.u cascade", "ddl t shop.u"),
    ("drop temporary table t", "ddl t"),
    ("truncate table t", "ddl t"),
    ("truncate shop.t", "ddl shop.t"),
    ("rename table a to b, shop.c to d", "ddl a b shop.c d"),
    ("create unique index i on t (a, b)", "ddl t"),
    ("drop index i on shop.t", "ddl shop.t"),
    (
        "create or replace algorithm=merge definer='a'@'b' sql security invoker view v (a) as select b from t",
        "ddl v t",
    ),
    (
        "create definer=current_user() view v as select 1 from t with check option",
        "ddl v t",
    ),
    ("drop view v, w", "ddl v w"),
    ("create database shop", "ddl"),
    ("alter database shop character set utf8mb4", "ddl"),
    ("drop schema if exists shop", "ddl"),
    (
        "create trigger g before insert on shop.t for each row set new.a = (select 1 from u)",
        "ddl shop.t",
    ),
    (
        "create procedure p() begin select 1 from t; delete from u; end",
        "ddl",
    ),
    (
        "create definer=a@b function f() returns int return 1",
        "ddl",
    ),
    ("drop procedure p", "ddl"),
    (
        "create event e on schedule every 1 day do delete from t",
        "ddl",
    ),
    (
        "create server s foreign data wrapper mysql options (host 'a')",
        "ddl",
    ),
    // Accounts.
    ("create user a@b identified by 'x'", "account"),
    ("alter user a@b identified by 'x'", "account"),
    ("drop user a", "account"),
    ("rename user a to b", "account"),
    ("create role r", "account"),
    ("set password for a = 'x'", "account"),
    ("set default role r to a", "account"),
    (
        "grant select (a, b), references (c), create temporary tables on shop.t to u",
        "account shop.t",
    ),
    ("grant all on shop.* to u", "account"),
    ("grant all on *.* to u with grant option", "account"),
    ("grant execute on procedure p to u", "account"),
    ("revoke select on t from u", "account t"),
    ("grant r to u", "account"),
    ("grant proxy on a to b", "account"),
    // The session.
    ("set @a = (select max(b) from t)", "set t"),
    ("set names utf8mb4", "set"),
    (
        "set session transaction isolation level read committed",
        "set",
    ),
    ("set role all", "set"),
    ("use shop", "use"),
    ("start transaction read only", "transaction"),
    ("begin", "transaction"),
    ("begin work", "transaction"),
    ("commit and chain", "transaction"),
    ("rollback to savepoint s", "transaction"),
    ("savepoint s", "transaction"),
    ("release savepoint s", "transaction"),
    ("xa start 'a'", "xa"),
    (
        "lock tables t read, shop.u as x low_priority write",
        "lock t shop.u",
    ),
    ("unlock tables", "lock"),
    ("flush tables", "flush"),
    ("flush local tables t, u with read lock", "flush t u"),
    ("flush tables t for export", "flush t"),
    ("flush privileges", "flush"),
    ("prepare s from 'select 1 from t'", "prepare"),
    ("execute s using @a, @b", "execute"),
    ("deallocate prepare s", "deallocate"),
    ("drop prepare s", "deallocate"),
    ("kill query 7", "kill"),
    ("get diagnostics @a = number", "diagnostics"),
    (
        "signal sqlstate '45000' set message_text = 'x'",
        "diagnostics",
    ),
    // What shows something.
    ("show tables from shop", "show"),
    ("show full tables in shop like 'a%'", "show"),
    ("show table status from shop", "show"),
    ("show create table shop.t", "show shop.t"),
    ("show full columns from t from shop", "show shop.t"),
    ("show index in t", "show t"),
    ("show variables where value in (select a from t)", "show t"),
    ("show create database shop", "show"),
    ("desc t", "show t"),
    ("describe shop.t a", "show shop.t"),
    ("explain t", "show t"),
    ("explain select * from t", "explain t"),
    (
        "explain format=json update t join u using (a) set b = 1",
        "explain t u",
    ),
    ("explain extended (select 1 from t)", "explain t"),
    ("desc delete from t", "explain t"),
    ("explain for connection 3", "explain"),
    ("help 'x'", "show"),
    // Maintenance and replication.
    ("analyze table t, shop.u", "admin t shop.u"),
    (
        "analyze table t update histogram on a, b with 4 buckets",
        "admin t",
    ),
    ("check table t for upgrade", "admin t"),
    ("checksum table t, u quick", "admin t u"),
    ("optimize local table t", "admin t"),
    ("cache index t, u key (a, b) in c", "admin t u"),
    ("load index into cache t ignore leaves, u", "admin t u"),
    ("install plugin a soname 'b'", "admin"),
    ("shutdown", "admin"),
    ("alter instance reload tls", "admin"),
    ("purge binary logs to 'x'", "replication"),
    (
        "change replication source to source_host = 'x'",
        "replication",
    ),
    ("start replica", "replication"),
    ("stop slave", "replication"),
    ("reset master", "replication"),
    ("binlog 'abc'", "replication"),
    // Several statements, none, and others.
    ("select 1;", "select"),
    ("; ; select 1 from t ; -- the end", "select t"),
    ("select 1 from t; select 2 from u", "several t u"),
    ("begin; insert into t values (1); commit", "several t"),
    ("", "empty"),
    (" ; /* nothing */ # here", "empty"),
    ("frobnicate t", "unknown"),
    ("begin not atomic select 1; end", "several"),
    ("with c as (select 1)", "unknown"),
    ("(insert into t values (1))", "unknown"),
    ("select 'a from t", "unknown"),
    ("select 1 /* from t", "unknown"),
    // Comments.
    (
        "/* a */ select /* from x */ 1 from /* b */ t -- from u\n, v # w",
        "select t v",
    ),
    ("/*! select */ 1 from t", "select t"),
    ("select 1 /*!40101 from t */", "select t"),
    ("select 1 /*!40101 from t */ for update", "locking_select t"),
];

/// Statements that only MySQL has.
pub(crate) const OF_MYSQL: &[(&str, &str)] = &[
    ("table shop.t order by a, b limit 3", "select shop.t"),
    ("table t union table u", "select t u"),
    ("select * from t where a in (table u)", "select t u"),
    ("insert into t table u", "insert t u"),
    ("values row(1, 2), row(3, 4)", "select"),
    ("select * from (values row(1)) as d, t", "select t"),
    (
        "select * from t for share of t skip locked",
        "locking_select t",
    ),
    (
        "select * from json_table('[1]', '$[*]' columns (a int path '$')) as j, t",
        "select t",
    ),
    (
        "with c as (select 1 from t) update u join c set u.a = 1",
        "update t u",
    ),
    (
        "with c as (select 1 from t) delete from u where a in (select * from c)",
        "delete t u",
    ),
    ("explain analyze select 1 from t", "explain t"),
    (
        "explain format=json into @a for schema shop select 1 from t",
        "explain t",
    ),
    ("lock instance for backup", "lock"),
    ("import table from 'a.sdi'", "admin"),
    ("clone local data directory = '/a'", "admin"),
    ("set resource group a", "set"),
    ("create resource group a type = user", "ddl"),
    ("reset persist a", "admin"),
];

/// Statements that only MariaDB has.
pub(crate) const OF_MARIADB: &[(&str, &str)] = &[
    ("analyze select * from t", "select t"),
    ("analyze format=json update t set a = 1", "update t"),
    (
        "set statement max_statement_time = 1, sort_buffer_size = 2 for select 1 from t",
        "select t",
    ),
    (
        "set statement a = 1 for insert into t select * from u",
        "insert t u",
    ),
    ("delete from t returning a, b", "delete t"),
    ("insert into t values (1) returning a, b", "insert t"),
    (
        "select * from t for system_time as of now(), u",
        "select t u",
    ),
    (
        "delete from t for portion of p from '1' to '2' where a in (select b from u)",
        "delete t u",
    ),
    ("create sequence s start with 1", "ddl s"),
    (
        "create or replace table t (a int) with system versioning",
        "ddl t",
    ),
    ("alter online table t add b int", "ddl t"),
    ("alter table t convert partition p to table u", "ddl t u"),
    ("execute immediate 'select 1'", "execute"),
    ("backup stage start", "lock"),
    ("backup lock shop.t", "lock shop.t"),
    ("create package a as procedure b(); end", "ddl"),
    (
        "with recursive a as (select 1 from t) cycle x, y restrict select * from a, u",
        "select t u",
    ),
];
