<?php
// How the scripts of the image reach Moodle: what config.php says, without tables that may not be
// there yet, and Moodle's own scripts for the command line.

require_once(__DIR__ . '/common.php');

$code = getenv('CODE') ?: '/var/www/moodle';
/** Where Moodle's scripts are: in its web root or beside it. */
define('CLI', is_dir("$code/admin/cli") ? "$code/admin/cli" : "$code/public/admin/cli");
define('CLI_SCRIPT', true);
define('ABORT_AFTER_CONFIG', true);
require("$code/config.php");

/** Runs one of Moodle's own scripts, to its end, and returns how it ended. */
function script(string $name, string ...$arguments): int {
    $file = CLI . "/$name";
    is_file($file) || fail("$file is missing: is the image built from Moodle's code?");
    $process = proc_open([PHP_BINARY, $file, ...$arguments], [STDIN, STDOUT, STDERR], $pipes);
    return $process === false ? fail("$file did not start") : proc_close($process);
}

/** Whether an installation has come to its end: its last act is to write down its version. */
function is_installed(mysqli $database, string $prefix): bool {
    $tables = $database->execute_query(
        'SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
        ["{$prefix}config"]
    );
    if ($tables->num_rows === 0) {
        return false;
    }
    $rows = $database->query("SELECT value FROM {$prefix}config WHERE name = 'version'");
    return $rows->num_rows === 1;
}
