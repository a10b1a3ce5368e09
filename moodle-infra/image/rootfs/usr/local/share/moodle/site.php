<?php
// Installs a site into an empty database, or upgrades an older one; done twice it does nothing.
// A lock in the database lets one process at it: of others each waits, and finds it done.
//
//     php site.php install|upgrade

require_once(__DIR__ . '/moodle.php');

const LOCK = 'moodle-infra.install';
const PATIENCE = 3600;
/** What `upgrade.php --is-pending` ends with if there is something to do. */
const PENDING = 2;

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
        say('nothing to upgrade');
        return;
    }
    $pending === PENDING || fail("upgrade.php --is-pending ended with $pending");
    // What still serves pages would meet tables that it does not know.
    getenv('ROLLOUT') !== 'config-only' || fail(
        'the code of this image, or of a plugin in it, is of another version than the database, and '
        . 'the rollout is one of configuration alone: name the version that it comes from '
        . '(Rollout::VersionChanging); if the database was upgraded by a rollout that failed, '
        . 'name the copy that was made before (restored_from)'
    );
    script('upgrade.php', '--non-interactive') === 0 || fail('the upgrade failed');
    script('purge_caches.php') === 0 || fail('the caches were not purged');
}

/** Runs a script of the image that needs all of Moodle, and returns how it ended. */
function own(string $name): int {
    $process = proc_open([PHP_BINARY, __DIR__ . "/$name"], [STDIN, STDOUT, STDERR], $pipes);
    return $process === false ? fail("$name did not start") : proc_close($process);
}

$role = $argv[1] ?? '';
in_array($role, ['install', 'upgrade'], true) || fail("'$role' is neither install nor upgrade");

$database = connect(from_config($CFG), $CFG->dbuser, $CFG->dbpass);
lock($database, LOCK, PATIENCE);

if (is_installed($database, $CFG->prefix)) {
    upgrade();
} elseif ($role === 'install') {
    install();
} else {
    fail('there is no site to upgrade: run install');
}
if (getenv('CACHE_STORE')) {
    own('cache.php') === 0 || fail('the cache store was not configured');
}
if (getenv('PROBE_PASSWORD')) {
    own('prober.php') === 0 || fail('the user who only logs in was not made');
}
$database->execute_query('SELECT RELEASE_LOCK(?)', [LOCK]);
