<?php
// Closes a site before its version changes, and opens it afterwards; done twice it does nothing.
//
//     php maintenance.php on      everybody gets the notice; ends when no task runs any more
//     php maintenance.php off     purges the caches and opens it
//
// Tasks that run are waited for, for as long as MAINTENANCE_PATIENCE says; if one is not over by
// then the site is opened again, and nothing has changed.

require_once(__DIR__ . '/moodle.php');

/** How long is waited, in seconds: longer than a run of Moodle's schedule may take. */
const PATIENCE = 2400;
/** A task that began longer ago than Moodle keeps its locks, in seconds, died with its process. */
const DEAD = 86400;
/** How often in a row nothing is to be running: between two tasks nothing is for a moment. */
const LOOKS = 3;

/** Lets what runs tasks end after the one that it is at: it looks at this before it takes one. */
function take_no_more(mysqli $database, string $prefix): void {
    $now = time() + 1;
    $there = $database->query("SELECT 1 FROM {$prefix}config WHERE name = 'scheduledtaskreset'");
    $database->query($there->num_rows > 0
        ? "UPDATE {$prefix}config SET value = '$now' WHERE name = 'scheduledtaskreset'"
        : "INSERT INTO {$prefix}config (name, value) VALUES ('scheduledtaskreset', '$now')");
}

/** The tasks that run: what they are, and where. */
function running(mysqli $database, string $prefix): array {
    $found = [];
    foreach (['task_scheduled', 'task_adhoc'] as $table) {
        $rows = $database->query(
            "SELECT classname, hostname FROM {$prefix}$table WHERE timestarted > " . (time() - DEAD)
        );
        foreach ($rows as $row) {
            $found[] = "$row[classname] on $row[hostname]";
        }
    }
    return $found;
}

function on(mysqli $database, string $prefix): void {
    script('maintenance.php', '--enable') === 0 || fail('maintenance mode was not enabled');
    take_no_more($database, $prefix);
    $until = time() + seconds('MAINTENANCE_PATIENCE', PATIENCE);
    for ($quiet = 0; $quiet < LOOKS;) {
        $running = running($database, $prefix);
        $quiet = $running === [] ? $quiet + 1 : 0;
        if (time() > $until && $running !== []) {
            script('maintenance.php', '--disable');
            fail('still running, so that the site was opened again: ' . implode(', ', $running));
        }
        sleep(seconds('MAINTENANCE_PACE', 5));
    }
    say('nothing runs any more');
}

$wanted = $argv[1] ?? '';
in_array($wanted, ['on', 'off'], true) || fail("maintenance '$wanted': say on or off");
$database = connect(from_config($CFG), $CFG->dbuser, $CFG->dbpass);
if (!is_installed($database, $CFG->prefix)) {
    say('there is no site yet: nothing to do');
} elseif ($wanted === 'on') {
    on($database, $CFG->prefix);
} else {
    // What another version remembered, an older one after a restore too, is forgotten.
    script('purge_caches.php') === 0 || fail('the caches were not purged');
    script('maintenance.php', '--disable') === 0 || fail('maintenance mode was not disabled');
}
