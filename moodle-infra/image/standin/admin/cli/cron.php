<?php
// As Moodle's: runs tasks one after the other, each for a while, and says so; takes none while the
// site is closed, and no further one after it was told so.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

if (CLI_MAINTENANCE) {
    echo "maintenance: cron execution suspended\n";
    exit(1);
}
$begun = time();
$tasks = (int) (getenv('STANDIN_TASKS') ?: 1);
$is_told = fn () => (int) ($DB->query(
    "SELECT value FROM mdl_config WHERE name = 'scheduledtaskreset'"
)->fetch_row()[0] ?? 0) > $begun;
echo "cron begins\n";
for ($task = 0; $task < $tasks && !$is_told(); $task++) {
    $DB->query("UPDATE mdl_task_scheduled SET timestarted = $begun, hostname = 'here'");
    echo "task $task begins\n";
    sleep((int) (getenv('STANDIN_SECONDS') ?: 2));
    echo "task $task ends\n";
    $DB->query('UPDATE mdl_task_scheduled SET timestarted = NULL, hostname = NULL');
}
echo "cron ends\n";
