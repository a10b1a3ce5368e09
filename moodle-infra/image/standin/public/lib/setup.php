<?php
// What stands behind config.php, as in Moodle: the database, the session, the shared files.

$CFG->dirroot = dirname(__DIR__);
$CFG->mnet_localhost_id = 1;
if (defined('ABORT_AFTER_CONFIG')) {
    return;
}

define('CLI_MAINTENANCE', is_file("$CFG->dataroot/climaintenance.html"));
if (CLI_MAINTENANCE && !defined('CLI_SCRIPT')) {
    http_response_code(503);
    readfile("$CFG->dataroot/climaintenance.html");
    exit;
}

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$DB = mysqli_init();
$with_tls = ($CFG->dboptions['ssl'] ?? '') === 'verify-full';
if ($with_tls) {
    $DB->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);
    $DB->ssl_set(null, null, getenv('CA_FILE'), null, null);
}
$flags = $with_tls ? MYSQLI_CLIENT_SSL : 0;
$DB->real_connect($CFG->dbhost, $CFG->dbuser, $CFG->dbpass, $CFG->dbname, null, null, $flags);

/** Sessions as JSON-free strings in Redis, each held by one request at a time. */
final class redis_sessions implements SessionHandlerInterface {
    private Redis $redis;

    public function __construct(private stdClass $cfg) {
    }

    public function open(string $path, string $name): bool {
        $this->redis = new Redis();
        $this->redis->connect($this->cfg->session_redis_host, $this->cfg->session_redis_port, 2);
        if ($this->cfg->session_redis_auth !== false) {
            $this->redis->auth($this->cfg->session_redis_auth);
        }
        return $this->redis->setOption(Redis::OPT_PREFIX, $this->cfg->session_redis_prefix);
    }

    public function read(string $id): string {
        $until = time() + $this->cfg->session_redis_acquire_lock_timeout;
        $lock = ['nx', 'ex' => $this->cfg->session_redis_lock_expire];
        while (!$this->redis->set("$id.lock", gethostname(), $lock)) {
            if (time() > $until) {
                throw new RuntimeException('another request holds the session');
            }
            usleep(100_000);
        }
        return $this->redis->get($id) ?: '';
    }

    public function write(string $id, string $data): bool {
        return $this->redis->setex($id, 7200, $data);
    }

    public function close(): bool {
        $this->redis->del(session_id() . '.lock');
        return $this->redis->close();
    }

    public function destroy(string $id): bool {
        return $this->redis->del($id) >= 0;
    }

    public function gc(int $lifetime): int {
        return 0;
    }
}

/** Who there is. */
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

if (!defined('CLI_SCRIPT')) {
    session_set_save_handler(new redis_sessions($CFG), true);
    session_start(['cookie_httponly' => true]);
}
