//! The names of statements in `performance_schema`, which are those of the servers' own kinds.

use mynah_sql::StatementKind as Kind;

/// Whether servers have no name for a kind.
pub(crate) fn is_of_no_statement(kind: Kind) -> bool {
    matches!(kind, Kind::Several | Kind::Empty | Kind::Unknown)
}

/// Whether a kind is that of a server's name for a statement.
pub(crate) fn agree(name: &str, kind: Kind) -> bool {
    let begins = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    let is = |names: &[&str]| names.contains(&name);
    let defines = begins(&["create_", "alter_", "drop_", "rename_"]) || name == "truncate";
    let is_account = begins(&["grant", "revoke"])
        || is(&[
            "set_password",
            "alter_user_default_role",
            "set_default_role",
        ])
        || (defines && (name.contains("_user") || name.contains("_role")));
    match kind {
        Kind::Select | Kind::LockingSelect | Kind::SelectInto => name == "select",
        Kind::Insert => is(&["insert", "insert_select"]),
        Kind::Replace => is(&["replace", "replace_select"]),
        Kind::Update => is(&["update", "update_multi"]),
        Kind::Delete => is(&["delete", "delete_multi"]),
        Kind::Load => is(&["load", "load_xml"]),
        Kind::Call => name == "call_procedure",
        Kind::Do => name == "do",
        Kind::Handler => begins(&["ha_"]),
        Kind::Ddl => defines && !is_account && !is(&["alter_instance"]),
        // MariaDB has no name of its own for SET PASSWORD.
        Kind::Account => is_account || name == "set_option",
        Kind::Set => is(&["set_option", "set_role", "set_resource_group"]),
        Kind::Use => name == "change_db",
        Kind::Transaction => is(&[
            "begin",
            "commit",
            "rollback",
            "savepoint",
            "release_savepoint",
            "rollback_to_savepoint",
        ]),
        Kind::Xa => begins(&["xa_"]),
        Kind::Lock => begins(&["lock_", "unlock_", "backup"]),
        Kind::Flush => name == "flush",
        Kind::Show => begins(&["show_"]) || name == "help",
        // A server has the name of the statement that it explains.
        Kind::Explain => {
            is(&["explain", "explain_other", "show_explain"])
                || is(&[
                    "select",
                    "insert",
                    "replace",
                    "update",
                    "update_multi",
                    "delete",
                    "delete_multi",
                ])
        }
        Kind::Diagnostics => is(&["get_diagnostics", "signal", "resignal"]),
        Kind::Prepare => name == "prepare_sql",
        Kind::Execute => is(&["execute_sql", "execute_immediate"]),
        Kind::Deallocate => name == "dealloc_sql",
        Kind::Kill => name == "kill",
        Kind::Admin => {
            begins(&["install_", "uninstall_", "alter_instance"])
                || is(&[
                    "analyze",
                    "check",
                    "checksum",
                    "optimize",
                    "repair",
                    "assign_to_keycache",
                    "preload_keys",
                    "import",
                    "clone",
                    "reset",
                    "reset_persist",
                    "shutdown",
                ])
        }
        Kind::Replication => {
            begins(&[
                "change_",
                "start_slave",
                "stop_slave",
                "slave_",
                "replica_",
                "purge",
            ]) || is(&["binlog", "reset"])
        }
        _ => false,
    }
}
