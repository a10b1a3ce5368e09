<?php
// What stands behind config.php, as in Moodle: the database, the session, the caches, the shared
// files.

$CFG->dirroot = dirname(__DIR__);
$CFG->mnet_localhost_id = 1;
if (defined('ABORT_AFTER_CONFIG')) {
    return;
}

define('CLI_MAINTENANCE', is_file("$CFG->dataroot/climaintenance.html"));
if (CLI_MAINTENANCE && !defined('CLI_SCRIPT')) {
    http_response_code(503);
    readfile("$CFG->dataroot/climaintenance.html");
    exit;
}

require(__DIR__ . '/database.php');
require(__DIR__ . '/sessions.php');
require(__DIR__ . '/caches.php');
require(__DIR__ . '/users.php');

$DB = database($CFG);
if (!defined('CLI_SCRIPT')) {
    session_set_save_handler(new redis_sessions($CFG), true);
    session_start(['cookie_httponly' => true, 'cookie_secure' => $CFG->cookiesecure ?? false]);
}
