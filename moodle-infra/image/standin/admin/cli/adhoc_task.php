<?php
// As Moodle's: works off what was left for later.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

if (CLI_MAINTENANCE || !in_array('--execute', $argv, true)) {
    exit(1);
}
echo "adhoc begins\n";
sleep(2);
echo "adhoc ends\n";
