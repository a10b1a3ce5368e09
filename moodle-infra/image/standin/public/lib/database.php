<?php
// The database, as Moodle connects to it: by mysqli, with TLS and the time to connect that
// `dboptions` say. Whatever goes wrong is an exception, and the page an error.

function database(stdClass $cfg): mysqli {
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $options = $cfg->dboptions ?? [];
    $database = mysqli_init();
    if (isset($options['connecttimeout'])) {
        $database->options(MYSQLI_OPT_CONNECT_TIMEOUT, (int) $options['connecttimeout']);
    }
    $flags = 0;
    if (($options['ssl'] ?? '') === 'verify-full') {
        $database->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);
        $file = getenv('CA_FILE') ?: ini_get('openssl.cafile') ?: null;
        $database->ssl_set(null, null, $file, null, null);
        $flags = MYSQLI_CLIENT_SSL;
    }
    $port = (int) ($options['dbport'] ?? 0) ?: null;
    $to = [$cfg->dbhost, $cfg->dbuser, $cfg->dbpass, $cfg->dbname, $port];
    $database->real_connect(...$to, socket: null, flags: $flags);
    return $database;
}
