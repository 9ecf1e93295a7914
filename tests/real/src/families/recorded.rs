//! Programs that do what applications do with ORMs and drivers, for recording and replaying: what they print is what
//! the server answered.

use crate::{
    client::{Client, Program},
    families::{compiled, java, node, python, rust, scripting},
};

pub(crate) fn clients() -> Vec<Client> {
    vec![
        client(
            "recorded-sqlalchemy",
            "SQLAlchemy 2.1.9: relationships, bulk, rollback, isolation",
            python::program(
                "recorded/sqlalchemy_orm.py",
                &["sqlalchemy==2.1.9", "pymysql[rsa]==1.2.4"],
            ),
        ),
        client(
            "recorded-django",
            "Django 5.2.19: migrate, ORM, transactions",
            python::on_libmariadb(
                "recorded/django_app.py",
                &["django==5.2.19", "mysqlclient==2.3.1"],
            ),
        )
        .volatile(&["type:timestamp"]),
        client(
            "recorded-pymysql",
            "PyMySQL 1.2.4: LOAD DATA LOCAL, several statements",
            python::program("recorded/pymysql_infile.py", &["pymysql[rsa]==1.2.4"]),
        ),
        client(
            "recorded-sequelize",
            "Sequelize 6.37.8: sync, associations, bulk, transactions",
            node::program(
                "recorded/sequelize.js",
                &["sequelize@6.37.8", "mysql2@3.24.5"],
            ),
        )
        .volatile(&["column:createdAt", "column:updatedAt"]),
        client(
            "recorded-typeorm",
            "TypeORM 1.1.1: synchronize, relations, transactions",
            node::program("recorded/typeorm.js", &["typeorm@1.1.1", "mysql2@3.24.5"]),
        ),
        client(
            "recorded-mysql2",
            "mysql2 3.24.5: prepared statements",
            node::program("recorded/mysql2_prepared.js", &["mysql2@3.24.5"]),
        ),
        client(
            "recorded-pdo",
            "PHP 8.2 PDO: unbuffered results, procedures",
            scripting::php_program("recorded/pdo_cursors.php"),
        ),
        client(
            "recorded-jdbc",
            "MariaDB Connector/J 3.5.10: batches, fetch size",
            java::program("recorded/Batches.java"),
        ),
        client(
            "recorded-sqlx",
            "sqlx 0.9.0: migrations, prepared statements",
            rust::program("recorded_sqlx"),
        )
        // Migrations have a checksum, and say when they ran and for how long.
        .volatile(&["column:installed_on", "column:execution_time"]),
        client(
            "recorded-sysbench",
            "sysbench 1.0.20: oltp_read_only, prepared",
            compiled::read_only(),
        )
        // `prepare` fills the table with other values in each run, whatever the seed is.
        .volatile(&["column:k", "column:c", "column:pad"])
        .without_tls(),
        client(
            "recorded-mysqlx",
            "mysqlx-connector-python 26.10.0: collections, prepared find",
            python::program(
                "recorded/mysqlx_documents.py",
                &["mysqlx-connector-python==26.10.0"],
            ),
        )
        .x(),
    ]
}

fn client(name: &'static str, about: &'static str, program: impl Program + 'static) -> Client {
    Client::new("recorded", name, about, program)
}
