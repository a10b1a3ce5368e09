<?php
// One page that needs everything: what it counts in the session, the database and the files.
require(__DIR__ . '/../config.php');

$_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
$DB->query("INSERT INTO mdl_visits (node) VALUES ('" . gethostname() . "')");
$rows = $DB->query('SELECT COUNT(*) AS n FROM mdl_visits')->fetch_assoc()['n'];
file_put_contents("$CFG->dataroot/visits", '.', FILE_APPEND | LOCK_EX);
clearstatcache();

header('Content-Type: application/json');
echo json_encode([
    'session' => $_SESSION['visits'],
    'database' => (int) $rows,
    'files' => filesize("$CFG->dataroot/visits"),
    'node' => gethostname(),
    'client' => $_SERVER['REMOTE_ADDR'],
    'uid' => posix_geteuid(),
    'upload' => ini_get('upload_max_filesize'),
]), "\n";
