<?php
// As Moodle's: the session ends.
require(__DIR__ . '/../../config.php');
if (hash_equals($_SESSION['sesskey'] ?? '', $_GET['sesskey'] ?? '')) {
    session_destroy();
}
header('Location: /login/index.php', true, 303);
