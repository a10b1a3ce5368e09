<?php
// What the pages of drills have in common: who asks, what is written, and how answers look. Each
// tells what it stored only once it is stored, so that whoever was told may hold it against us.
require(__DIR__ . '/../../config.php');

/** Who asks; whoever is not logged in is sent to where one does, as by Moodle's require_login. */
function signed_in(): stdClass {
    $user = isset($_SESSION['user']) ? core_user::get_user_by_username($_SESSION['user']) : false;
    if ($user === false) {
        header('Location: /login/index.php', true, 303);
        exit;
    }
    return $user;
}

/** What somebody wants to be stored: sent by a form of theirs, and not by another site's. */
function sent(): string {
    $is_theirs = hash_equals($_SESSION['sesskey'] ?? '', $_POST['sesskey'] ?? '');
    if ($_SERVER['REQUEST_METHOD'] !== 'POST' || !$is_theirs) {
        http_response_code(403);
        exit('no form of this session');
    }
    return $_POST['content'] ?? '';
}

/** By what a content is known again. */
function digest(string $content): string {
    return bin2hex(sodium_crypto_generichash($content, '', 16));
}

/** Answers; the session is another request's by then. */
function tell(array $what): never {
    session_status() !== PHP_SESSION_ACTIVE || session_write_close()
        || throw new RuntimeException('the session was not kept');
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    exit(json_encode($what + ['node' => gethostname()], JSON_THROW_ON_ERROR) . "\n");
}

/** Where a content is, as in Moodle: by its SHA-1. */
function place(string $hash): string {
    global $CFG;
    return "$CFG->dataroot/filedir/" . substr($hash, 0, 2) . '/' . substr($hash, 2, 2) . "/$hash";
}
