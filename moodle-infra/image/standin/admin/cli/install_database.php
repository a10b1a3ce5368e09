<?php
// As Moodle's: into an empty database, once. With it come the users of drills: `user1` and so on.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

/** How many users there are, unless STANDIN_USERS says so. */
const DRILL_USERS = 200;

$options = getopt('', ['agree-license', 'adminpass:', 'lang:', 'fullname:', 'shortname:']);
if (!isset($options['agree-license']) || ($options['adminpass'] ?? '') === '') {
    fwrite(STDERR, "no licence, or no password\n");
    exit(1);
}
$id = 'id INT AUTO_INCREMENT PRIMARY KEY';
$DB->query("CREATE TABLE mdl_visits ($id, node TEXT)");
$columns = 'username VARCHAR(100) UNIQUE, password VARCHAR(255), drillrows INT NOT NULL DEFAULT 0';
$DB->query("CREATE TABLE mdl_user ($id, $columns)");
$columns = 'contenthash CHAR(40), filesize BIGINT, referencefileid BIGINT, filename VARCHAR(100), userid INT';
$DB->query("CREATE TABLE mdl_files ($id, $columns, KEY (contenthash), KEY (filename))");
$DB->query("CREATE TABLE mdl_drill_rows ($id, userid INT, content MEDIUMTEXT, KEY (userid))");
foreach (['scheduled', 'adhoc'] as $kind) {
    $columns = 'classname VARCHAR(255), timestarted BIGINT, hostname VARCHAR(255)';
    $DB->query("CREATE TABLE mdl_task_$kind ($id, $columns)");
}
$DB->query("INSERT INTO mdl_task_scheduled (classname) VALUES ('standin_task')");
$secret = getenv('STANDIN_PASSWORD') ?: $options['adminpass'];
$DB->begin_transaction();
for ($number = 1; $number <= (int) (getenv('STANDIN_USERS') ?: DRILL_USERS); $number++) {
    // What is hashed is random already: the least effort does.
    $hash = password_hash(drill_password($secret, "user$number"), PASSWORD_BCRYPT, ['cost' => 4]);
    $DB->execute_query('INSERT INTO mdl_user (username, password) VALUES (?, ?)', ["user$number", $hash]);
}
$DB->commit();
file_put_contents("$CFG->dataroot/welcome", 'welcome');
// Long enough for a second one to come while this one is at it.
sleep(1);
$DB->query('CREATE TABLE mdl_config (name VARCHAR(50) PRIMARY KEY, value TEXT)');
$DB->query("INSERT INTO mdl_config VALUES ('version', '1')");
echo "Installation completed\n";
