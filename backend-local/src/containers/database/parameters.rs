//! Parameters: which ones a parameter group may set, and which take a restart.

use std::collections::BTreeMap;

use super::DatabaseError;

/// What a changed value takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It holds at once.
    AtOnce,
    /// The node has to be started again.
    AfterRestart,
}

use Applies::{AfterRestart, AtOnce};

/// Those that can be set. All of them are system variables of MySQL 8.4 and 9; the names are those of
/// RDS's parameter groups.
#[rustfmt::skip]
const KNOWN: &[(&str, Applies)] = &[
    ("auto_increment_increment", AtOnce), ("auto_increment_offset", AtOnce),
    ("autocommit", AtOnce), ("back_log", AfterRestart), ("binlog_cache_size", AtOnce),
    ("binlog_row_image", AtOnce), ("binlog_row_metadata", AtOnce),
    ("binlog_rows_query_log_events", AtOnce), ("binlog_transaction_compression", AtOnce),
    ("bulk_insert_buffer_size", AtOnce), ("character_set_client", AtOnce),
    ("character_set_connection", AtOnce), ("character_set_filesystem", AtOnce),
    ("character_set_results", AtOnce), ("character_set_server", AtOnce),
    ("collation_connection", AtOnce), ("collation_server", AtOnce),
    ("completion_type", AtOnce), ("concurrent_insert", AtOnce), ("connect_timeout", AtOnce),
    ("cte_max_recursion_depth", AtOnce), ("default_collation_for_utf8mb4", AtOnce),
    ("default_password_lifetime", AtOnce), ("default_storage_engine", AtOnce),
    ("default_week_format", AtOnce), ("div_precision_increment", AtOnce),
    ("end_markers_in_json", AtOnce), ("eq_range_index_dive_limit", AtOnce),
    ("event_scheduler", AtOnce), ("explicit_defaults_for_timestamp", AtOnce),
    ("ft_max_word_len", AfterRestart), ("ft_min_word_len", AfterRestart),
    ("ft_query_expansion_limit", AfterRestart), ("general_log", AtOnce),
    ("generated_random_password_length", AtOnce), ("group_concat_max_len", AtOnce),
    ("histogram_generation_max_mem_size", AtOnce), ("information_schema_stats_expiry", AtOnce),
    ("init_connect", AtOnce), ("innodb_adaptive_flushing", AtOnce),
    ("innodb_adaptive_hash_index", AtOnce), ("innodb_autoinc_lock_mode", AfterRestart),
    ("innodb_buffer_pool_dump_at_shutdown", AtOnce), ("innodb_buffer_pool_dump_pct", AtOnce),
    ("innodb_buffer_pool_instances", AfterRestart),
    ("innodb_buffer_pool_load_at_startup", AfterRestart), ("innodb_buffer_pool_size", AtOnce),
    ("innodb_change_buffering", AtOnce), ("innodb_deadlock_detect", AtOnce),
    ("innodb_default_row_format", AtOnce), ("innodb_flush_log_at_trx_commit", AtOnce),
    ("innodb_flush_neighbors", AtOnce), ("innodb_ft_cache_size", AfterRestart),
    ("innodb_ft_enable_stopword", AtOnce), ("innodb_ft_max_token_size", AfterRestart),
    ("innodb_ft_min_token_size", AfterRestart), ("innodb_ft_num_word_optimize", AtOnce),
    ("innodb_ft_result_cache_limit", AtOnce), ("innodb_ft_server_stopword_table", AtOnce),
    ("innodb_io_capacity", AtOnce), ("innodb_io_capacity_max", AtOnce),
    ("innodb_lock_wait_timeout", AtOnce), ("innodb_log_buffer_size", AtOnce),
    ("innodb_lru_scan_depth", AtOnce), ("innodb_max_dirty_pages_pct", AtOnce),
    ("innodb_old_blocks_pct", AtOnce), ("innodb_old_blocks_time", AtOnce),
    ("innodb_online_alter_log_max_size", AtOnce), ("innodb_open_files", AfterRestart),
    ("innodb_optimize_fulltext_only", AtOnce), ("innodb_print_all_deadlocks", AtOnce),
    ("innodb_purge_batch_size", AtOnce), ("innodb_purge_threads", AfterRestart),
    ("innodb_random_read_ahead", AtOnce), ("innodb_read_ahead_threshold", AtOnce),
    ("innodb_read_io_threads", AfterRestart), ("innodb_redo_log_capacity", AtOnce),
    ("innodb_rollback_on_timeout", AfterRestart), ("innodb_sort_buffer_size", AfterRestart),
    ("innodb_stats_auto_recalc", AtOnce), ("innodb_stats_on_metadata", AtOnce),
    ("innodb_stats_persistent", AtOnce), ("innodb_stats_persistent_sample_pages", AtOnce),
    ("innodb_stats_transient_sample_pages", AtOnce), ("innodb_strict_mode", AtOnce),
    ("innodb_sync_array_size", AfterRestart), ("innodb_table_locks", AtOnce),
    ("innodb_thread_concurrency", AtOnce), ("innodb_write_io_threads", AfterRestart),
    ("interactive_timeout", AtOnce), ("internal_tmp_mem_storage_engine", AtOnce),
    ("join_buffer_size", AtOnce), ("key_buffer_size", AtOnce), ("lc_time_names", AtOnce),
    ("local_infile", AtOnce), ("lock_wait_timeout", AtOnce),
    ("log_bin_trust_function_creators", AtOnce), ("log_error_verbosity", AtOnce),
    ("log_output", AtOnce), ("log_queries_not_using_indexes", AtOnce),
    ("log_slow_admin_statements", AtOnce), ("log_slow_extra", AtOnce),
    ("log_throttle_queries_not_using_indexes", AtOnce), ("long_query_time", AtOnce),
    ("mandatory_roles", AtOnce), ("max_allowed_packet", AtOnce),
    ("max_binlog_cache_size", AtOnce), ("max_connect_errors", AtOnce),
    ("max_connections", AtOnce), ("max_error_count", AtOnce), ("max_execution_time", AtOnce),
    ("max_heap_table_size", AtOnce), ("max_join_size", AtOnce),
    ("max_length_for_sort_data", AtOnce), ("max_points_in_geometry", AtOnce),
    ("max_prepared_stmt_count", AtOnce), ("max_seeks_for_key", AtOnce),
    ("max_sort_length", AtOnce), ("max_sp_recursion_depth", AtOnce),
    ("max_user_connections", AtOnce), ("max_write_lock_count", AtOnce),
    ("min_examined_row_limit", AtOnce), ("myisam_sort_buffer_size", AtOnce),
    ("net_buffer_length", AtOnce), ("net_read_timeout", AtOnce), ("net_retry_count", AtOnce),
    ("net_write_timeout", AtOnce), ("ngram_token_size", AfterRestart),
    ("open_files_limit", AfterRestart), ("optimizer_prune_level", AtOnce),
    ("optimizer_search_depth", AtOnce), ("optimizer_switch", AtOnce),
    ("optimizer_trace_limit", AtOnce), ("optimizer_trace_max_mem_size", AtOnce),
    ("partial_revokes", AtOnce), ("password_history", AtOnce),
    ("password_require_current", AtOnce), ("password_reuse_interval", AtOnce),
    ("performance_schema", AfterRestart), ("preload_buffer_size", AtOnce),
    ("print_identified_with_as_hex", AtOnce), ("range_alloc_block_size", AtOnce),
    ("range_optimizer_max_mem_size", AtOnce), ("read_buffer_size", AtOnce),
    ("read_rnd_buffer_size", AtOnce), ("regexp_stack_limit", AtOnce),
    ("regexp_time_limit", AtOnce), ("replica_parallel_workers", AtOnce),
    ("require_secure_transport", AtOnce), ("schema_definition_cache", AtOnce),
    ("select_into_buffer_size", AtOnce), ("show_create_table_verbosity", AtOnce),
    ("slow_launch_time", AtOnce), ("slow_query_log", AtOnce), ("sort_buffer_size", AtOnce), ("sql_mode", AtOnce),
    ("sql_require_primary_key", AtOnce), ("stored_program_cache", AtOnce),
    ("stored_program_definition_cache", AtOnce), ("sync_binlog", AtOnce),
    ("table_definition_cache", AtOnce), ("table_open_cache", AtOnce),
    ("table_open_cache_instances", AfterRestart), ("tablespace_definition_cache", AtOnce),
    ("temptable_max_ram", AtOnce), ("thread_cache_size", AtOnce),
    ("thread_stack", AfterRestart), ("time_zone", AtOnce), ("tls_version", AtOnce),
    ("tmp_table_size", AtOnce), ("transaction_alloc_block_size", AtOnce),
    ("transaction_isolation", AtOnce), ("transaction_prealloc_size", AtOnce),
    ("updatable_views_with_limit", AtOnce), ("wait_timeout", AtOnce),
    ("windowing_use_high_precision", AtOnce), ("xa_detach_on_prepare", AtOnce),
];

/// What a node can't be without: the manager sets it.
const OURS: &[&str] = &[
    "binlog_expire_logs_seconds",
    "binlog_format",
    "datadir",
    "enforce_gtid_consistency",
    "gtid_mode",
    "init_file",
    "log_bin",
    "log_replica_updates",
    "port",
    "read_only",
    "relay_log",
    "replica_preserve_commit_order",
    "server_id",
    "skip_name_resolve",
    "socket",
    "super_read_only",
];

/// Variables of a running server that are no options of its file.
const NO_OPTIONS: &[&str] = &[
    "character_set_client",
    "character_set_connection",
    "character_set_results",
    "collation_connection",
    "default_collation_for_utf8mb4",
];

/// What a parameter takes; `None` if it can't be set.
#[must_use]
pub fn applies(name: &str) -> Option<Applies> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, applies)| *applies)
}

/// What a parameter is called in the server's file; `None` if it can't be there.
pub(super) fn option(name: &str) -> Option<&str> {
    match name {
        "time_zone" => Some("default_time_zone"),
        name if NO_OPTIONS.contains(&name) => None,
        name => Some(name),
    }
}

/// Says which one can't be set.
pub(super) fn check(parameters: &BTreeMap<String, String>) -> Result<(), DatabaseError> {
    for (name, value) in parameters {
        if applies(name).is_none() {
            return Err(DatabaseError::UnknownParameter { name: name.clone(), fix: fix(name) });
        }
        let wrong = |fix| DatabaseError::Value { name: name.clone(), value: value.clone(), fix };
        if value.contains('{') {
            return Err(wrong("formulas of an instance's memory have none here: say a number"));
        }
        if value.contains(|letter: char| letter.is_control()) {
            return Err(wrong("it is one line"));
        }
    }
    Ok(())
}

fn fix(name: &str) -> String {
    if OURS.contains(&name) {
        return "the cluster sets it itself".to_owned();
    }
    let likeness = |known: &&str| strsim::jaro_winkler(known, name);
    let near = KNOWN.iter().map(|(known, _)| *known);
    let near = near.max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match near.filter(|near| likeness(near) > 0.85) {
        Some(near) => format!("is `{near}` meant?"),
        None => "take it out of the parameter group".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, value: &str) -> String {
        let parameters = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        check(&parameters).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn one_that_is_not_known_is_named() {
        assert_eq!(said("max_connections", "100"), "");
        assert_eq!(
            said("max_conections", "100"),
            "`max_conections` is no parameter of MySQL that can be set: is `max_connections` meant?"
        );
        assert!(said("gtid_mode", "OFF").ends_with("the cluster sets it itself"));
        assert!(said("zzz", "1").ends_with("take it out of the parameter group"));
    }

    #[test]
    fn a_value_is_one_line_without_formulas() {
        assert!(said("max_connections", "{DBInstanceClassMemory/12582880}").contains("number"));
        assert!(said("init_connect", "a\nb").contains("one line"));
    }

    #[test]
    fn names_are_there_once() {
        let mut names: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KNOWN.len());
        assert!(OURS.iter().all(|name| applies(name).is_none()));
        assert!(NO_OPTIONS.iter().all(|name| applies(name) == Some(AtOnce)));
    }
}
