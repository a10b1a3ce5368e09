<?php
// What the scripts of the image have in common: how they end, how they reach the database, and who
// works on it at a time.

/** Says something, with the script that says it. */
function say(string $what): void {
    echo basename($_SERVER['SCRIPT_NAME']), ": $what\n";
}

/** Ends with a reason. */
function fail(string $why): never {
    fwrite(STDERR, basename($_SERVER['SCRIPT_NAME']) . ": $why\n");
    exit(1);
}

/** A variable of the environment that has to be there. */
function needed(string $name): string {
    return getenv($name) ?: fail("$name is not set");
}

/** A number of seconds from the environment, or the one that is usual. */
function seconds(string $name, int $usual): int {
    return (int) (getenv($name) ?: $usual);
}

/** How Moodle's database is reached, from what config.php says. */
function from_config(stdClass $cfg): array {
    return [
        'host' => $cfg->dbhost,
        'name' => $cfg->dbname,
        'port' => (int) ($cfg->dboptions['dbport'] ?? 0) ?: 3306,
        'tls' => ($cfg->dboptions['ssl'] ?? '') === 'verify-full',
    ];
}

/** How Moodle's database is reached, from what the environment says: always with TLS. */
function from_environment(): array {
    return [
        'host' => needed('DB_HOST'),
        'name' => needed('DB_NAME'),
        'port' => (int) (getenv('DB_PORT') ?: 3306),
        'tls' => true,
    ];
}

/** A connection of its own, kept for as long as a lock is needed. */
function connect(array $to, string $user, string $password): mysqli {
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $connection = mysqli_init();
    $flags = 0;
    if ($to['tls']) {
        $flags = MYSQLI_CLIENT_SSL;
        $trusted = getenv('CA_FILE') ?: ini_get('openssl.cafile')
            ?: '/etc/ssl/certs/ca-certificates.crt';
        $connection->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);
        $connection->ssl_set(null, null, $trusted, null, null);
    }
    $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, 10);
    $connection->real_connect($to['host'], $user, $password, $to['name'], $to['port'], null, $flags);
    return $connection;
}

/** Waits until nobody else has a lock of this name, and keeps it until the connection ends. */
function lock(mysqli $database, string $name, int $patience): void {
    $got = $database->execute_query('SELECT GET_LOCK(?, ?)', [$name, $patience])->fetch_row()[0];
    $got === 1 || fail("another process has held the lock $name for $patience s");
    // The server ends a silent connection, and its lock with it, after wait_timeout.
    $database->query('SET SESSION wait_timeout = 86400');
}
