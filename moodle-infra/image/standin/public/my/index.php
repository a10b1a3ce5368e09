<?php
// A page as people read it: the session, a row, something cached, and a shared file.
require(__DIR__ . '/../drill/common.php');

$user = signed_in();
$cached = (new application_cache($CFG))->get("user_$user->id", fn () => $user->username);
$last = $DB->execute_query(
    'SELECT id FROM mdl_drill_rows WHERE userid = ? ORDER BY id DESC LIMIT 1',
    [$user->id]
)->fetch_row();
tell([
    'user' => $user->username,
    'cached' => $cached,
    'sesskey' => $_SESSION['sesskey'],
    'session' => $_SESSION['drill'] ?? null,
    'row' => $last === null || $last === false ? null : (int) $last[0],
    'file' => file_get_contents("$CFG->dataroot/welcome"),
]);
