<?php
// Points Moodle's caches (MUC) at the cache store; done twice it changes nothing.
// CACHE_STORE is its host:port; with CACHE_STORE_PASSWORD, and TLS unless CACHE_STORE_TLS is "no".

define('CLI_SCRIPT', true);
require((getenv('CODE') ?: '/var/www/moodle') . '/config.php');

const NAME = 'shared';

$store = ['server' => getenv('CACHE_STORE'), 'prefix' => 'muc_', 'compressor' => 0];
$store['serializer'] = Redis::SERIALIZER_IGBINARY;
$store['password'] = getenv('CACHE_STORE_PASSWORD') ?: '';
if (getenv('CACHE_STORE_TLS') !== 'no') {
    // Without the file Moodle would not check the certificate.
    $file = getenv('CA_FILE') ?: '/etc/ssl/certs/ca-certificates.crt';
    $store += ['encryption' => true, 'cafile' => $file];
}

$writer = \core_cache\config_writer::instance();
$there = $writer->get_all_stores()[NAME]['configuration'] ?? null;
if ($there === null) {
    $writer->add_store_instance(NAME, 'redis', $store);
} elseif (array_diff_assoc($store, $there) !== [] || array_diff_assoc($there, $store) !== []) {
    $writer->edit_store_instance(NAME, 'redis', $store);
}
$writer->set_mode_mappings([
    \core_cache\store::MODE_APPLICATION => [NAME],
    \core_cache\store::MODE_SESSION => [NAME],
    \core_cache\store::MODE_REQUEST => ['default_request'],
]);
echo 'cache.php: ', $store['server'], "\n";
