<?php
// Makes the user as whom the role `probe` logs in, or gives it the password of PROBE_PASSWORD; done
// twice it changes nothing. The user has no role in any course, and gets no mail.

define('CLI_SCRIPT', true);
require((getenv('CODE') ?: '/var/www/moodle') . '/config.php');
require_once("$CFG->dirroot/user/lib.php");

const NAME = 'probe';

$password = getenv('PROBE_PASSWORD');
$user = core_user::get_user_by_username(NAME);
if ($user === false) {
    user_create_user((object) [
        'username' => NAME,
        'password' => $password,
        'auth' => 'manual',
        'confirmed' => 1,
        'mnethostid' => $CFG->mnet_localhost_id,
        'firstname' => 'Synthetic',
        'lastname' => 'Login',
        // Without an address Moodle would ask for one, instead of letting anybody in.
        'email' => NAME . '@' . parse_url($CFG->wwwroot, PHP_URL_HOST),
        'emailstop' => 1,
    ]);
} else {
    update_internal_user_password($user, $password);
}
echo 'prober.php: ', NAME, "\n";
