<?php
// As Moodle's: somebody new.
function user_create_user(stdClass $user): void {
    global $DB;
    $hash = password_hash($user->password, PASSWORD_DEFAULT);
    $DB->execute_query('INSERT INTO mdl_user (username, password) VALUES (?, ?)', [$user->username, $hash]);
}
