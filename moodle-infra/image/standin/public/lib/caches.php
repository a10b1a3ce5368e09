<?php
// The caches in Moodle's shape (MUC): a script of the image writes down which store they are in
// (`muc/config.php` among the shared files), and pages use it. A store that is not there is done
// without, as Moodle does: what it would have told is asked of the database.

namespace core_cache {
    final class store {
        public const MODE_APPLICATION = 1;
        public const MODE_SESSION = 2;
        public const MODE_REQUEST = 4;
    }

    final class config_writer {
        private array $stores;

        private function __construct(private string $file) {
            $this->stores = is_file($file) ? require($file) : [];
        }

        public static function instance(): self {
            global $CFG;
            return new self("$CFG->dataroot/muc/config.php");
        }

        public function get_all_stores(): array {
            return array_map(fn (array $it) => ['configuration' => $it], $this->stores);
        }

        public function add_store_instance(string $name, string $plugin, array $configuration): void {
            $this->edit_store_instance($name, $plugin, $configuration);
        }

        public function edit_store_instance(string $name, string $plugin, array $configuration): void {
            $this->stores[$name] = $configuration;
            $folder = dirname($this->file);
            is_dir($folder) || mkdir($folder, 0770, true);
            $new = "$this->file." . getmypid();
            file_put_contents($new, '<?php return ' . var_export($this->stores, true) . ';');
            rename($new, $this->file);
        }

        public function set_mode_mappings(array $mappings): void {
        }
    }
}

namespace {
    /** The application's cache. */
    final class application_cache {
        private ?Redis $redis = null;

        public function __construct(stdClass $cfg) {
            $file = "$cfg->dataroot/muc/config.php";
            $store = is_file($file) ? current(require($file)) : false;
            if ($store === false) {
                return;
            }
            [$host, $port] = explode(':', "$store[server]:6379");
            $tls = !empty($store['encryption']);
            $stream = $tls ? ['stream' => ['cafile' => $store['cafile'], 'verify_peer' => true]] : [];
            try {
                $redis = new Redis();
                $redis->connect(($tls ? 'tls://' : '') . $host, (int) $port, 3, null, 100, 3, $stream);
                $store['password'] === '' || $redis->auth($store['password']);
                $redis->setOption(Redis::OPT_PREFIX, $store['prefix']);
                $redis->setOption(Redis::OPT_SERIALIZER, $store['serializer']);
                $this->redis = $redis;
            } catch (RedisException $error) {
                error_log("the cache store is not ready: {$error->getMessage()}");
            }
        }

        /** What is known by a name, or what it is found out to be. */
        public function get(string $name, callable $find_out): mixed {
            $known = $this->redis?->get($name);
            if ($known === null || $known === false) {
                $known = $find_out();
                $this->redis?->setex($name, 60, $known);
            }
            return $known;
        }
    }
}
