<?php
// Installs a site into an empty database, or upgrades an older one; done twice it does nothing.
// A lock in the database lets one process at it: of others each waits, and finds it done.
//
//     php site.php install|upgrade

const LOCK = 'moodle-infra.install';
const PATIENCE = 3600;
/** What `upgrade.php --is-pending` ends with if there is something to do. */
const PENDING = 2;

/** Ends with a reason. */
function fail(string $why): never {
    fwrite(STDERR, "site.php: $why\n");
    exit(1);
}

/** Runs one of Moodle's own scripts, to its end, and returns how it ended. */
function script(string $name, string ...$arguments): int {
    $file = CLI . "/$name";
    is_file($file) || fail("$file is missing: is the image built from Moodle's code?");
    $process = proc_open([PHP_BINARY, $file, ...$arguments], [STDIN, STDOUT, STDERR], $pipes);
    return $process === false ? fail("$file did not start") : proc_close($process);
}

/** A connection of its own, kept for as long as the lock is needed. */
function database(stdClass $cfg): mysqli {
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $connection = mysqli_init();
    $flags = 0;
    if (($cfg->dboptions['ssl'] ?? '') === 'verify-full') {
        $flags = MYSQLI_CLIENT_SSL;
        $connection->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);
        $connection->ssl_set(null, null, getenv('CA_FILE') ?: ini_get('openssl.cafile'), null, null);
    }
    $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, 10);
    $port = (int) ($cfg->dboptions['dbport'] ?? 0) ?: 3306;
    $connection->real_connect(
        $cfg->dbhost, $cfg->dbuser, $cfg->dbpass, $cfg->dbname, $port, null, $flags
    );
    return $connection;
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

function install(): void {
    $password = getenv('ADMIN_PASSWORD') ?: fail('ADMIN_PASSWORD is not set: the first login');
    $arguments = [
        '--agree-license',
        '--lang=' . (getenv('SITE_LANGUAGE') ?: 'en'),
        "--adminpass=$password",
        '--fullname=' . (getenv('SITE_NAME') ?: 'Moodle'),
        '--shortname=' . (getenv('SITE_SHORT_NAME') ?: 'moodle'),
    ];
    script('install_database.php', ...$arguments) === 0
        || fail('the installation failed; a database that it left half filled is to be emptied');
}

function upgrade(): void {
    $pending = script('upgrade.php', '--is-pending');
    if ($pending === 0) {
        echo "site.php: nothing to upgrade\n";
        return;
    }
    $pending === PENDING || fail("upgrade.php --is-pending ended with $pending");
    script('upgrade.php', '--non-interactive') === 0 || fail('the upgrade failed');
}

$role = $argv[1] ?? '';
in_array($role, ['install', 'upgrade'], true) || fail("'$role' is neither install nor upgrade");
$code = getenv('CODE') ?: '/var/www/moodle';
define('CLI', is_dir("$code/admin/cli") ? "$code/admin/cli" : "$code/public/admin/cli");

// Reads what config.php says, and stops before Moodle needs its tables.
define('CLI_SCRIPT', true);
define('ABORT_AFTER_CONFIG', true);
require("$code/config.php");

$database = database($CFG);
$got = $database->execute_query('SELECT GET_LOCK(?, ?)', [LOCK, PATIENCE])->fetch_row()[0];
$got === 1 || fail('another process has been installing for an hour');
// The server ends a silent connection, and its lock with it, after wait_timeout.
$database->query('SET SESSION wait_timeout = 86400');

if (is_installed($database, $CFG->prefix)) {
    upgrade();
} elseif ($role === 'install') {
    install();
} else {
    fail('there is no site to upgrade: run install');
}
if (getenv('CACHE_STORE')) {
    $muc = proc_open([PHP_BINARY, __DIR__ . '/cache.php'], [STDIN, STDOUT, STDERR], $pipes);
    proc_close($muc) === 0 || fail('the cache store was not configured');
}
$database->execute_query('SELECT RELEASE_LOCK(?)', [LOCK]);
