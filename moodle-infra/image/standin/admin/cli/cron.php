<?php
// As Moodle's: works for a while, and says so.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

echo "cron begins\n";
sleep(2);
echo "cron ends\n";
