<?php
// As Moodle's: into an empty database, once.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

$options = getopt('', ['agree-license', 'adminpass:', 'lang:', 'fullname:', 'shortname:']);
if (!isset($options['agree-license']) || ($options['adminpass'] ?? '') === '') {
    fwrite(STDERR, "no licence, or no password\n");
    exit(1);
}
$DB->query('CREATE TABLE mdl_visits (id INT AUTO_INCREMENT PRIMARY KEY, node TEXT)');
$columns = 'username VARCHAR(100) UNIQUE, password VARCHAR(255)';
$DB->query("CREATE TABLE mdl_user (id INT AUTO_INCREMENT PRIMARY KEY, $columns)");
$columns = 'contenthash CHAR(40), filesize BIGINT, referencefileid BIGINT, KEY (contenthash)';
$DB->query("CREATE TABLE mdl_files (id INT AUTO_INCREMENT PRIMARY KEY, $columns)");
foreach (['scheduled', 'adhoc'] as $kind) {
    $columns = 'classname VARCHAR(255), timestarted BIGINT, hostname VARCHAR(255)';
    $DB->query("CREATE TABLE mdl_task_$kind ($columns)");
}
$DB->query("INSERT INTO mdl_task_scheduled (classname) VALUES ('standin_task')");
// Long enough for a second one to come while this one is at it.
sleep(1);
$DB->query('CREATE TABLE mdl_config (name VARCHAR(50) PRIMARY KEY, value TEXT)');
$DB->query("INSERT INTO mdl_config VALUES ('version', '1')");
echo "Installation completed\n";
