<?php
// Says whether files and database agree: whether each file that the database knows is there, with
// its size, and of a sample with its content. It changes nothing.
//
//     php verify.php      ends with 0, or with 1 and how many are not as they are to be
//
// Files may be newer than the database, and then there are more of them than it knows: that is no
// fault. What the database forgot while this ran is none either.

require_once(__DIR__ . '/moodle.php');

/** Of how many files the content is read. */
const SAMPLE = 200;
/** How many files are asked for at a time. */
const BATCH = 5000;
/** How many are named of those that are not as they are to be. */
const NAMED = 20;

/** What the database knows: files with a content of their own, once each. */
function known(string $prefix): string {
    // A folder has no content, and what refers to elsewhere has it there.
    return "FROM {$prefix}files WHERE filesize > 0 AND referencefileid IS NULL";
}

/** The next files behind a content, in the order of their contents. */
function batch(mysqli $database, string $prefix, string $after): array {
    $rows = $database->execute_query(
        'SELECT contenthash, MIN(filesize) AS least, MAX(filesize) AS most, COUNT(*) AS used '
        . known($prefix) . ' AND contenthash > ? GROUP BY contenthash ORDER BY contenthash LIMIT '
        . BATCH,
        [$after]
    );
    return $rows->fetch_all(MYSQLI_ASSOC);
}

/** Whether the database still knows a content: while one looks, files come and go. */
function is_known(mysqli $database, string $prefix, string $hash): bool {
    $rows = $database->execute_query(
        'SELECT 1 ' . known($prefix) . ' AND contenthash = ? LIMIT 1',
        [$hash]
    );
    return $rows->num_rows > 0;
}

/** What is wrong with a file; nothing, if it is as the database says. */
function wrong(string $folder, array $file, bool $looked_into): ?string {
    ['contenthash' => $hash, 'least' => $least, 'most' => $most] = $file;
    $path = "$folder/" . substr($hash, 0, 2) . '/' . substr($hash, 2, 2) . "/$hash";
    clearstatcache(true, $path);
    $size = is_file($path) ? filesize($path) : false;
    return match (true) {
        $size === false => 'missing',
        $size !== (int) $least || $size !== (int) $most => 'of another size',
        $looked_into && sha1_file($path) !== $hash => 'of another content',
        default => null,
    };
}

$database = connect(from_config($CFG), $CFG->dbuser, $CFG->dbpass);
$prefix = $CFG->prefix;
is_installed($database, $prefix) || fail('there is no site whose files could be looked at');
empty($CFG->alternative_file_system_class)
    || fail("the files are kept by $CFG->alternative_file_system_class, and not in a folder");
$folder = $CFG->filedir ?? "$CFG->dataroot/filedir";

$left = (int) $database->query('SELECT COUNT(DISTINCT contenthash) ' . known($prefix))->fetch_row()[0];
$sample = getenv('VERIFY_SAMPLE');
$sample = is_numeric($sample) ? (int) $sample : SAMPLE;
say("$left files are to be in $folder");
$found = ['missing' => 0, 'of another size' => 0, 'of another content' => 0];
[$looked_at, $looked_into, $last] = [0, 0, ''];
while (($files = batch($database, $prefix, $last)) !== []) {
    foreach ($files as $file) {
        $last = $file['contenthash'];
        // Each has the same chance, and there are as many as are wanted.
        $chosen = $left > 0 && random_int(1, $left) <= $sample - $looked_into;
        $left--;
        $wrong = wrong($folder, $file, $chosen);
        $looked_at++;
        $looked_into += (int) $chosen;
        if ($wrong === null || !is_known($database, $prefix, $last)) {
            continue;
        }
        if (++$found[$wrong] && array_sum($found) <= NAMED) {
            say("$last is $wrong: $file[most] bytes, used $file[used] times");
        }
    }
    say("$looked_at were looked at");
}
$counts = implode(', ', array_map(fn ($what) => "$found[$what] $what", array_keys($found)));
array_sum($found) === 0 || fail("of $looked_at files $counts; $looked_into were read");
say("all $looked_at files are as the database says; $looked_into were read");
