<?php
// As Moodle's: --is-pending says with its exit code 2 that there is something to do.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

$wanted = (int) (getenv('STANDIN_VERSION') ?: 1);
$stored = (int) $DB->query("SELECT value FROM mdl_config WHERE name = 'version'")->fetch_row()[0];
if (in_array('--is-pending', $argv, true)) {
    // An older code is something to do as well: what Moodle compares are its versions all together.
    exit($stored === $wanted ? 0 : 2);
}
if ($stored > $wanted) {
    fwrite(STDERR, "the database is of version $stored, and the code of $wanted\n");
    exit(1);
}
$DB->query("UPDATE mdl_config SET value = '$wanted' WHERE name = 'version'");
echo "upgraded to $wanted\n";
