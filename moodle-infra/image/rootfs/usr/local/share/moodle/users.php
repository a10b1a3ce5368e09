<?php
// The users that Moodle logs in to the database as. There are two, of whom one at a time is used:
// the other one gets a new password while nobody needs the old one (rotate.php).
//
//     php users.php       creates them; done twice it changes nothing
//
// The database's first user, who may do everything, does nothing else. Which of the two is used,
// and with which password, says the secret: DB_USER and DB_PASSWORD are from it.

require_once(__DIR__ . '/common.php');

const USERS = ['moodle_a', 'moodle_b'];
const USERS_LOCK = 'moodle-infra.users';
const USERS_PATIENCE = 300;
/** What Moodle needs: its documentation names these and no others. */
const RIGHTS = 'SELECT, INSERT, UPDATE, DELETE, CREATE, CREATE TEMPORARY TABLES, DROP, INDEX, ALTER';

/** The other one of the two. */
function other_than(string $user): string {
    in_array($user, USERS, true)
        || fail("the secret names '$user', who is none of " . implode(' and ', USERS));
    return $user === USERS[0] ? USERS[1] : USERS[0];
}

/** A password that nobody has seen, of letters and digits. */
function made_up(): string {
    return strtr(base64_encode(random_bytes(36)), '+/', 'Az');
}

/** One of the two, as they are to be; an existing one keeps its password unless there is another. */
function as_it_is_to_be(mysqli $database, string $user, ?string $password, string $name): void {
    $by = fn (string $it) => "IDENTIFIED BY '{$database->real_escape_string($it)}'";
    $first = $by($password ?? made_up());
    $database->query("CREATE USER IF NOT EXISTS '$user'@'%' $first REQUIRE SSL");
    $changed = $password === null ? '' : $first;
    $database->query("ALTER USER '$user'@'%' $changed REQUIRE SSL");
    // In the name of a database `_` stands for any character.
    $on = strtr($name, ['`' => '``', '_' => '\_', '%' => '\%']);
    $database->query('GRANT ' . RIGHTS . " ON `$on`.* TO '$user'@'%'");
}

/** Ends unless a user gets in, and to Moodle's tables. */
function check_login(array $to, string $user, string $password): void {
    try {
        connect($to, $user, $password)->query('SELECT 1')->fetch_row();
    } catch (mysqli_sql_exception $error) {
        fail("$user does not get in: {$error->getMessage()}");
    }
}

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    $to = from_environment();
    [$user, $password] = [needed('DB_USER'), needed('DB_PASSWORD')];
    $other = other_than($user);
    $database = connect($to, needed('DB_MASTER_USER'), needed('DB_MASTER_PASSWORD'));
    lock($database, USERS_LOCK, USERS_PATIENCE);
    as_it_is_to_be($database, $user, $password, $to['name']);
    // Whoever still works with its password goes on.
    as_it_is_to_be($database, $other, null, $to['name']);
    check_login($to, $user, $password);
    say("$user is used, $other stands by");
}
