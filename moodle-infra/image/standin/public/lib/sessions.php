<?php
// Sessions in Redis as Moodle's handler keeps them (core\session\redis): each is held by one request
// at a time. Who died while holding one is waited for until its lock expires.

final class redis_sessions implements SessionHandlerInterface {
    /** How often a connection is tried, unless the configuration says so: as Moodle does. */
    private const TRIES = 3;
    /** How long one try, and each answer, may take in seconds, unless the configuration says so. */
    private const PATIENCE = 3.0;
    /** For how long nobody forgets a session, in seconds. */
    private const KEPT = 7200;

    private Redis $redis;
    /** When each lock that this request holds expires. */
    private array $locks = [];

    public function __construct(private stdClass $cfg) {
    }

    public function open(string $path, string $name): bool {
        $encrypt = $this->cfg->session_redis_encrypt ?? false;
        $host = ($encrypt ? 'tls://' : '') . $this->cfg->session_redis_host;
        $stream = $encrypt ? ['stream' => $encrypt] : [];
        $connecting = (float) ($this->cfg->session_redis_connection_timeout ?? self::PATIENCE);
        $reading = (float) ($this->cfg->session_redis_read_timeout ?? self::PATIENCE);
        $tries = (int) ($this->cfg->session_redis_max_retries ?? self::TRIES);
        for ($try = 1; ; $try++) {
            $delay = random_int(100, 500);
            try {
                $this->redis = new Redis();
                $port = (int) $this->cfg->session_redis_port;
                $this->redis->connect($host, $port, $connecting, null, $delay, $reading, $stream);
                empty($this->cfg->session_redis_auth)
                    || $this->redis->auth($this->cfg->session_redis_auth);
                return $this->redis->setOption(Redis::OPT_PREFIX, $this->cfg->session_redis_prefix);
            } catch (RedisException $error) {
                $try < $tries || throw $error;
                usleep($delay * 1000);
            }
        }
    }

    public function read(string $id): string {
        $until = time() + $this->cfg->session_redis_acquire_lock_timeout;
        $expire = (int) $this->cfg->session_redis_lock_expire;
        while (!$this->redis->set("$id.lock", gethostname(), ['nx', 'ex' => $expire])) {
            if (time() > $until) {
                throw new RuntimeException('another request holds the session');
            }
            usleep(100_000);
        }
        $this->locks[$id] = time() + $expire;
        return $this->redis->get($id) ?: '';
    }

    public function write(string $id, string $data): bool {
        return $this->redis->setex($id, self::KEPT, $data);
    }

    public function close(): bool {
        foreach ($this->locks as $id => $expires) {
            // Later it may be another request's.
            time() >= $expires || $this->redis->del("$id.lock");
        }
        $this->locks = [];
        return $this->redis->close();
    }

    public function destroy(string $id): bool {
        return $this->redis->del($id) !== false;
    }

    public function gc(int $lifetime): int {
        return 0;
    }
}
