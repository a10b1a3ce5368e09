<?php
// Who there is, as in Moodle.

final class core_user {
    public static function get_user_by_username(string $name): stdClass|false {
        global $DB;
        $rows = $DB->execute_query('SELECT * FROM mdl_user WHERE username = ?', [$name]);
        return $rows->fetch_object() ?? false;
    }
}

function update_internal_user_password(stdClass $user, string $password): void {
    global $DB;
    $hash = password_hash($password, PASSWORD_DEFAULT);
    $DB->execute_query('UPDATE mdl_user SET password = ? WHERE id = ?', [$hash, $user->id]);
}

/** The password of one of those who take part in drills: derived, so that nobody has to keep it. */
function drill_password(string $secret, string $name): string {
    return bin2hex(sodium_crypto_generichash("$secret\n$name", '', 16));
}
