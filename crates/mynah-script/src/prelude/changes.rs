//! The versions in which MySQL gained or lost variables, between the versions that were recorded; variables
//! that aren't listed changed with 8.0.0. Compiled by hand from the lists of changes in MySQL's manual.

use super::version_number::Number;

/// Variables that 9.7 has and 5.6 hasn't, by the version that brought them.
pub(super) const ADDED: &[(Number, &str)] = &[
    (
        Number(5, 7, 0),
        "sha256_password_private_key_path sha256_password_public_key_path",
    ),
    (Number(5, 7, 1), "innodb_temp_data_file_path rbr_exec_mode"),
    (
        Number(5, 7, 2),
        "innodb_buffer_pool_dump_pct log_error_verbosity log_timestamps \
         performance_schema_max_memory_classes performance_schema_max_program_instances \
         performance_schema_max_statement_stack",
    ),
    (
        Number(5, 7, 3),
        "performance_schema_events_transactions_history_long_size \
         performance_schema_events_transactions_history_size performance_schema_max_metadata_locks",
    ),
    (
        Number(5, 7, 4),
        "default_password_lifetime have_statement_timeout innodb_log_write_ahead_size \
         innodb_page_cleaners performance_schema_max_prepared_statements_instances \
         session_track_schema session_track_state_change session_track_system_variables",
    ),
    (
        Number(5, 7, 5),
        "auto_generate_certs binlog_group_commit_sync_delay binlog_group_commit_sync_no_delay_count \
         gtid_executed_compression_period innodb_buffer_pool_chunk_size innodb_fill_factor \
         innodb_max_undo_log_size innodb_purge_rseg_truncate_frequency innodb_undo_log_truncate \
         offline_mode sha256_password_auto_generate_rsa_keys slave_preserve_commit_order",
    ),
    (
        Number(5, 7, 6),
        "ngram_token_size performance_schema_max_index_stat performance_schema_max_sql_text_length \
         performance_schema_max_table_lock_stat session_track_gtids",
    ),
    (
        Number(5, 7, 7),
        "check_proxy_users sha256_password_proxy_users",
    ),
    (
        Number(5, 7, 8),
        "disabled_storage_engines innodb_adaptive_hash_index_parts innodb_flush_sync max_execution_time \
         max_points_in_geometry performance_schema_max_digest_length require_secure_transport \
         session_track_transaction_info super_read_only",
    ),
    (
        Number(5, 7, 9),
        "innodb_default_row_format innodb_log_checksums innodb_numa_interleave \
         range_optimizer_max_mem_size",
    ),
    (Number(5, 7, 10), "tls_version"),
    (
        Number(5, 7, 11),
        "innodb_tmpdir log_statements_unsafe_for_binlog",
    ),
    (Number(5, 7, 12), "parser_max_mem_size"),
    (Number(5, 7, 15), "innodb_deadlock_detect"),
    (Number(5, 7, 17), "innodb_stats_include_delete_marked"),
    (
        Number(5, 7, 20),
        "transaction_isolation transaction_read_only",
    ),
    (Number(5, 7, 21), "keyring_operations"),
    (Number(5, 7, 22), "show_create_table_verbosity"),
    (
        Number(5, 7, 33),
        "replication_optimize_for_static_plugin_config replication_sender_observe_commit_only",
    ),
    (Number(5, 7, 39), "performance_schema_show_processlist"),
    (Number(8, 0, 3), "resultset_metadata"),
    (
        Number(8, 0, 26),
        "init_replica log_replica_updates log_slow_replica_statements pseudo_replica_mode \
         replica_allow_batching replica_checkpoint_group replica_checkpoint_period \
         replica_compressed_protocol replica_exec_mode replica_load_tmpdir replica_max_allowed_packet \
         replica_net_timeout replica_parallel_workers replica_pending_jobs_size_max \
         replica_preserve_commit_order replica_skip_errors replica_sql_verify_checksum \
         replica_transaction_retries replica_type_conversions rpl_stop_replica_timeout \
         skip_replica_start source_verify_checksum sql_replica_skip_counter sync_source_info \
         terminology_use_previous",
    ),
    (
        Number(8, 0, 27),
        "authentication_policy innodb_ddl_buffer_size innodb_ddl_threads",
    ),
    (
        Number(8, 0, 28),
        "connection_memory_chunk_size connection_memory_limit global_connection_memory_limit \
         global_connection_memory_tracking",
    ),
    (
        Number(8, 0, 29),
        "binlog_expire_logs_auto_purge ssl_session_cache_mode ssl_session_cache_timeout \
         xa_detach_on_prepare",
    ),
    (
        Number(8, 0, 30),
        "innodb_redo_log_capacity show_gipk_in_create_table_and_information_schema \
         sql_generate_invisible_primary_key",
    ),
    (Number(8, 0, 31), "build_id"),
    (Number(8, 0, 32), "explain_format"),
    (Number(8, 3, 0), "explain_json_format_version"),
    (
        Number(8, 4, 0),
        "performance_schema_max_meter_classes performance_schema_max_metric_classes \
         restrict_fk_on_non_standard_key set_operations_buffer_size tls_certificates_enforced_validation",
    ),
    (
        Number(9, 7, 0),
        "activate_mandatory_roles caching_sha2_password_enforce_storage_format \
         caching_sha2_password_storage_format connection_memory_status_limit container_aware \
         enable_cascade_triggers enable_secondary_engine_statistics \
         external_table_secondary_storage_engine external_table_storage_engine \
         global_connection_memory_status_limit innodb_log_spin_cpu_abs_lwm \
         innodb_native_foreign_keys optimizer_max_subgraph_pairs replica_allow_higher_version_source \
         server_memory version_with_update",
    ),
];

/// Variables that 5.6 has and 9.7 hasn't, by the version that no longer has them.
pub(super) const REMOVED: &[(Number, &str)] = &[
    (Number(5, 7, 2), "thread_concurrency"),
    (
        Number(5, 7, 4),
        "innodb_additional_mem_pool_size innodb_mirrored_log_groups innodb_use_sys_malloc",
    ),
    (Number(5, 7, 5), "storage_engine timed_mutexes"),
    (
        Number(5, 7, 6),
        "binlogging_impossible_mode simplified_binlog_gtid_recovery",
    ),
    (Number(8, 0, 2), "innodb_undo_logs"),
    (
        Number(8, 0, 3),
        "date_format datetime_format have_crypt ignore_builtin_innodb log_warnings max_tmp_tables \
         multi_range_count query_cache_limit query_cache_min_res_unit query_cache_size query_cache_type \
         query_cache_wlock_invalidate secure_auth time_format tx_isolation tx_read_only",
    ),
    (Number(8, 0, 11), "old_passwords"),
    (
        Number(8, 0, 13),
        "metadata_locks_cache_size metadata_locks_hash_instances",
    ),
    (
        Number(8, 3, 0),
        "log_bin_use_v1_row_events master_info_repository myisam_repair_threads relay_log_info_file \
         relay_log_info_repository slave_rows_search_algorithms",
    ),
    (
        Number(8, 4, 0),
        "avoid_temporal_upgrade expire_logs_days have_openssl have_ssl new old show_old_temporals",
    ),
    (
        Number(9, 7, 0),
        "innodb_log_file_size innodb_log_files_in_group innodb_undo_tablespaces",
    ),
];
