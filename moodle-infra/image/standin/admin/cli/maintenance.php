<?php
// As Moodle's: a file among the shared ones closes the site.
define('CLI_SCRIPT', true);
require(__DIR__ . '/../../config.php');

$file = "$CFG->dataroot/climaintenance.html";
if (in_array('--enable', $argv, true)) {
    file_put_contents($file, 'closed for maintenance');
    echo "maintenance enabled\n";
} elseif (in_array('--disable', $argv, true)) {
    is_file($file) && unlink($file);
    echo "maintenance disabled\n";
} else {
    exit(1);
}
